import pc from 'picocolors';
import stringWidth from 'string-width';
import { escapeTerminal } from './escape-terminal.ts';
import {
  formatCompact,
  formatCost,
  formatInteger,
  formatPercent,
  formatScore,
  formatSeconds,
  plural,
} from './format.ts';
import type { Figure, Summary } from './summary.ts';
import { fitWidth, textTable, type Column, type Row } from './text-table.ts';
import { wrapText } from './wrap-text.ts';

export interface TableOptions {
  /** Columns of the terminal; at least 60 are used. 80 where absent. */
  readonly width?: number;
  readonly color?: boolean;
  /** False writes dashes and ellipses in ASCII. */
  readonly unicode?: boolean;
}

type Colors = ReturnType<typeof pc.createColors>;

/**
 * The summary for a terminal: tasks under their groups, then the overall figure, models, usage, notes and errors.
 * Names, reasons and errors are others' text and pass `escapeTerminal`. Ends with a line feed.
 */
export function renderTable(summary: Summary, options: TableOptions = {}): string {
  const width = Math.max(60, options.width ?? 80);
  const unicode = options.unicode ?? true;
  const colors = pc.createColors(options.color ?? false);
  const lines = [
    title(summary, colors, width, unicode),
    '',
    ...tableLines(summary, colors, width, unicode),
    ...footer(summary, colors, width),
  ];
  const text = `${lines.join('\n')}\n`;
  return unicode ? text : text.replaceAll('—', '-').replaceAll('–', '-').replaceAll('·', '|').replaceAll('…', '~');
}

function title(summary: Summary, colors: Colors, width: number, unicode: boolean): string {
  const separator = unicode ? ' · ' : ' | ';
  const name = fitWidth(escapeTerminal(summary.benchmark ?? 'evaluation'), Math.floor(width / 2));
  const rest = [
    `mode ${escapeTerminal(summary.mode)}`,
    ...(summary.run === undefined ? [] : [`run ${escapeTerminal(summary.run)}`]),
  ];
  const tail = fitWidth(separator + rest.join(separator), width - stringWidth(name));
  return colors.bold(name) + colors.dim(tail);
}

function tableLines(summary: Summary, colors: Colors, width: number, unicode: boolean): string[] {
  const withTokens = width >= 72 && summary.overallDetail.tokens.input + summary.overallDetail.tokens.output > 0;
  const withMetric = width >= 96;
  const columns: Column[] = [
    { title: 'Task', align: 'left', shrinksTo: 12 },
    ...(withMetric ? [{ title: 'Metric', align: 'left' } as const] : []),
    { title: 'n', align: 'right' },
    { title: 'Score', align: 'right' },
    { title: '95 % interval', align: 'right' },
    { title: 'Unparsed', align: 'right' },
    { title: 'Failed', align: 'right' },
    ...(withTokens ? [{ title: 'Tokens', align: 'right' } as const] : []),
  ];
  const row = (name: string, figure: Figure, metric: string, style?: (line: string) => string): Row => {
    const alarm = (share: Figure['failed'], paint: (text: string) => string) => (share.count > 0 ? paint : undefined);
    return {
      cells: [
        name,
        ...(withMetric ? [fitWidth(escapeTerminal(metric), 20)] : []),
        formatInteger(figure.n),
        figure.score === null ? (figure.error === undefined ? 'none' : 'error') : formatScore(figure.score),
        intervalText(figure),
        shareText(figure.unparsed),
        shareText(figure.failed),
        ...(withTokens ? [formatCompact(figure.tokens.input + figure.tokens.output)] : []),
      ],
      cellStyles: [
        undefined,
        ...(withMetric ? [colors.dim] : []),
        undefined,
        figure.score === null ? colors.yellow : undefined,
        undefined,
        alarm(figure.unparsed, colors.yellow),
        alarm(figure.failed, colors.red),
      ],
      ...(style && { style }),
    };
  };
  const rule: Row = { cells: [], style: () => ruleMark };
  const rows: Row[] = [{ cells: columns.map((column) => column.title), style: colors.dim }];
  const { groupBy } = summary;
  const tasks = Object.entries(summary.tasks);
  const groups = Object.entries(summary.groupDetails);
  const grouped = new Set<string>();
  for (const [group, detail] of groups) {
    const members = tasks.filter(([, task]) => groupBy !== undefined && task.labels[groupBy] === group);
    rows.push(row(escapeTerminal(group), detail, plural(detail.tasks, 'task'), colors.bold));
    for (const [name, task] of members) rows.push(row(`  ${escapeTerminal(name)}`, task, task.metric));
    for (const [name] of members) grouped.add(name);
  }
  const others = tasks.filter(([name]) => !grouped.has(name));
  for (const [name, task] of others) rows.push(row(escapeTerminal(name), task, task.metric));
  if (tasks.length > 1 || groups.length > 0) {
    rows.push(rule, row('overall', summary.overallDetail, plural(tasks.length, 'task'), colors.bold));
  }
  const lines = textTable(columns, rows, width);
  return lines.map((line) => (line === ruleMark ? colors.dim((unicode ? '─' : '-').repeat(widest(lines))) : line));
}

/** Stands for a rule until the table's width is known. */
const ruleMark = '\0';

const widest = (lines: readonly string[]): number => Math.max(...lines.map((line) => stringWidth(line)));

function intervalText({ interval }: Figure): string {
  return interval === null ? '' : `${formatScore(interval[0])}–${formatScore(interval[1])}`;
}

const shareText = (share: Figure['failed']): string => (share.count === 0 ? '·' : formatPercent(share.rate));

function footer(summary: Summary, colors: Colors, width: number): string[] {
  const lines: string[] = [''];
  const add = (text: string, paint: (line: string) => string = (line) => line): void => {
    for (const line of wrapText(text, width, '  ')) lines.push(paint(line));
  };
  for (const [role, model] of Object.entries(summary.models ?? {})) {
    add(`${role === 'main' ? 'model' : escapeTerminal(role)}: ${escapeTerminal(model)}`);
  }
  if (summary.details?.method !== undefined) add(`method: ${escapeTerminal(summary.details.method)}`);
  if (summary.usage !== undefined) add(usageText(summary));
  for (const text of furtherFigures(summary)) add(text);
  for (const [reason, names] of missingFigures(summary))
    add(`not scored: ${names.join(', ')}: ${reason}`, colors.yellow);
  for (const text of exclusions(summary)) add(text, colors.yellow);
  for (const note of new Set(Object.values(summary.tasks).flatMap((task) => task.note ?? []))) add(`note: ${note}`);
  for (const note of summary.notes) add(`note: ${escapeTerminal(note)}`);
  const shown = summary.errors.slice(0, 10);
  for (const error of shown) {
    const times = error.count > 1 ? ` (${formatInteger(error.count)} times)` : '';
    add(`error: ${escapeTerminal(error.where)}: ${escapeTerminal(error.message).slice(0, 600)}${times}`, colors.red);
    if (error.hint !== undefined) add(`       ${escapeTerminal(error.hint)}`);
  }
  if (summary.errors.length > shown.length)
    add(`and ${plural(summary.errors.length - shown.length, 'further error')}`, colors.red);
  const methods = new Set(
    [...Object.values(summary.tasks), summary.overallDetail].flatMap((figure) => figure.intervalMethod ?? []),
  );
  if (methods.size > 0)
    add(`95 % intervals: ${[...methods].join(', ')}. Failed and unparsed replies count as wrong.`, colors.dim);
  return lines.length === 1 ? [] : lines;
}

function usageText({ usage, seconds }: Summary): string {
  if (usage === undefined) return '';
  return [
    plural(usage.calls, 'call'),
    usage.replayedCalls > 0 && `${formatInteger(usage.replayedCalls)} replayed`,
    usage.wastedCalls > 0 && `${formatInteger(usage.wastedCalls)} wasted`,
    `${formatInteger(usage.inputTokens)} tokens in`,
    `${formatInteger(usage.outputTokens)} out`,
    ...Object.entries(usage.roles ?? {})
      .filter(([role]) => role !== 'main')
      .map(
        ([role, used]) =>
          `as ${role} ${formatInteger(used.inputTokens + used.outputTokens)} tokens in ${plural(used.calls, 'call')}`,
      ),
    usage.cost !== undefined && `cost ${formatCost(usage.cost)}`,
    seconds !== undefined && formatSeconds(seconds),
  ]
    .filter(Boolean)
    .join(', ');
}

/** Means of the scorers after a task's first, which the table has no column for. */
function furtherFigures(summary: Summary): string[] {
  return Object.entries(summary.tasks).flatMap(([name, { further }]) => {
    const figures = Object.entries(further ?? {}).map(([scorer, { score }]) => {
      return `${escapeTerminal(scorer)} ${formatScore(score)}`;
    });
    return figures.length === 0 ? [] : `${escapeTerminal(name)} by other scorers: ${figures.join(', ')}`;
  });
}

function missingFigures(summary: Summary): Map<string, string[]> {
  const missing = new Map<string, string[]>();
  for (const [name, task] of Object.entries(summary.tasks)) {
    if (task.score !== null || task.error !== undefined) continue;
    const reason = escapeTerminal(task.reason ?? 'no reason given');
    missing.set(reason, [...(missing.get(reason) ?? []), escapeTerminal(name)]);
  }
  return missing;
}

function exclusions(summary: Summary): string[] {
  return Object.entries(summary.tasks)
    .filter(([, task]) => task.score !== null && task.excluded.count > 0)
    .map(([name, { excluded }]) => {
      const reasons = Object.entries(excluded.reasons).map(([reason, count]) => `${escapeTerminal(reason)} (${count})`);
      return `left out of ${escapeTerminal(name)}: ${plural(excluded.count, 'result')}: ${reasons.join(', ')}`;
    });
}
