import pc from 'picocolors';
import { escapeTerminal } from '../escape-terminal.ts';
import { formatDifference, formatInteger, formatP, formatScore, plural } from '../format.ts';
import type { TableOptions } from '../render-table.ts';
import { textTable, type Column, type Row } from '../text-table.ts';
import { wrapText } from '../wrap-text.ts';
import type { Comparison, Difference, PairComparison } from './comparison.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** The comparison for a terminal. Ends with a line feed. */
export function renderComparison(comparison: Comparison, options: TableOptions = {}): string {
  const width = Math.max(60, options.width ?? 80);
  const colors = pc.createColors(options.color ?? false);
  const lines = comparison.comparisons.flatMap((pair, i) => [
    ...(i > 0 ? [''] : []),
    ...pairLines(comparison, pair, width, colors),
  ]);
  const text = `${lines.join('\n')}\n`;
  if (options.unicode ?? true) return text;
  return text.replaceAll('—', '-').replaceAll('–', '-').replaceAll('−', '-').replaceAll('…', '~').replaceAll('·', '|');
}

function pairLines(comparison: Comparison, pair: PairComparison, width: number, colors: Colors): string[] {
  const wrap = (text: string): string[] => wrapText(text, width, '  ');
  const columns: Column[] = [
    { title: 'Task', align: 'left', shrinksTo: 10 },
    { title: 'n', align: 'right' },
    { title: 'A', align: 'right' },
    { title: 'B', align: 'right' },
    { title: 'B − A', align: 'right' },
    { title: '95 % interval', align: 'right' },
    { title: 'p (Holm)', align: 'right' },
    ...(width >= 78 ? [{ title: 'Detectable', align: 'right' } as const] : []),
  ];
  const row = (name: string, figure: Difference, p: number | null, style?: (line: string) => string): Row => ({
    cells: [
      name,
      formatInteger(figure.n),
      formatScore(figure.first),
      formatScore(figure.second),
      formatDifference(figure.difference),
      figure.interval === null ? '' : `${formatDifference(figure.interval[0])} ${formatDifference(figure.interval[1])}`,
      formatP(p),
      ...(width >= 78 ? [formatScore(figure.detectable)] : []),
    ],
    cellStyles: [undefined, undefined, undefined, undefined, verdictColor(figure, p, colors)],
    ...(style && { style }),
  });
  const rows: Row[] = [{ cells: columns.map((column) => column.title), style: colors.dim }];
  const grouped = new Set<string>();
  for (const [group, difference] of Object.entries(pair.groups)) {
    rows.push(row(escapeTerminal(group), difference, difference.pValue, colors.bold));
    for (const [name, task] of Object.entries(pair.tasks)) {
      if (task.labels[comparison.groupBy ?? ''] !== group) continue;
      grouped.add(name);
      rows.push(row(`  ${escapeTerminal(name)}`, task, task.pAdjusted));
    }
  }
  for (const [name, task] of Object.entries(pair.tasks)) {
    if (!grouped.has(name)) rows.push(row(escapeTerminal(name), task, task.pAdjusted));
  }
  rows.push(row('overall', pair.overall, pair.overall.pValue, colors.bold));
  const tests = new Set(Object.values(pair.tasks).flatMap((task) => task.test ?? []));
  const notes = new Set(
    Object.entries(pair.tasks).flatMap(([name, task]) => (task.note ? `${escapeTerminal(name)}: ${task.note}` : [])),
  );
  return [
    ...wrap(`A: ${escapeTerminal(comparison.first.label)}`),
    ...wrap(`B: ${escapeTerminal(pair.second.label)}`),
    '',
    ...textTable(columns, rows, width),
    '',
    ...wrap(
      `${plural(pair.pairs, 'pair')}: A better on ${formatInteger(pair.overall.firstBetter)}, B better on ${formatInteger(pair.overall.secondBetter)}`,
    ),
    ...pair.warnings.flatMap((warning) => wrap(`warning: ${escapeTerminal(warning)}`)).map(colors.yellow),
    ...[...notes].flatMap((note) => wrap(`note: ${note}`)),
    ...wrap(
      `95 % intervals: paired bootstrap. Tests: ${[...tests].join(', ')}; groups and overall uncorrected. Detectable: the smallest true difference that these samples show in 4 of 5 cases.`,
    ).map(colors.dim),
  ];
}

function verdictColor(figure: Difference, p: number | null, colors: Colors): ((cell: string) => string) | undefined {
  if (p === null || p >= 0.05 || figure.difference === null) return undefined;
  return figure.difference > 0 ? colors.green : colors.red;
}
