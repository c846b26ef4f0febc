import pc from 'picocolors';
import { escapeTerminal } from '../escape-terminal.ts';
import { formatSeconds, plural } from '../format.ts';
import type { TableOptions } from '../render-table.ts';
import { fitWidth, textTable, type Column, type Row } from '../text-table.ts';
import { wrapText } from '../wrap-text.ts';
import { ablationRows, baselineRows, intervalSentence, publishedOf, sourcesOf, targetCount } from './arm-rows.ts';
import type { UnlearningExperiment } from './experiment.ts';
import { formatPoints, formatPointsInterval, formatRate } from './format-rate.ts';
import { summarizeArms, type ArmsSummary, type ArmSummary } from './summarize-arms.ts';

type Colors = ReturnType<typeof pc.createColors>;

const mostReasons = 8;

/**
 * An unlearning experiment for a terminal: the ablation and the baselines with intervals, targets and why they are
 * missed. Everything that others name passes `escapeTerminal`. Ends with a line feed.
 */
export function unlearningTable(experiment: UnlearningExperiment, options: TableOptions = {}): string {
  const width = Math.max(60, options.width ?? 80);
  const unicode = options.unicode ?? true;
  const colors = pc.createColors(options.color ?? false);
  const summary = summarizeArms(experiment);
  const lines = [
    colors.bold(fitWidth(escapeTerminal(experiment.title), width)),
    ...wrapText(scopeText(experiment, summary), width, '  ').map(colors.dim),
    '',
    ...tableLines(experiment, summary, colors, width),
    '',
    ...footer(experiment, summary, colors, width),
  ];
  const text = `${lines.join('\n')}\n`;
  if (unicode) return text;
  return text
    .replace(/[—–−]/g, '-')
    .replaceAll('…', '~')
    .replaceAll('’', "'")
    .replaceAll('≤', '<=')
    .replaceAll('≥', '>=');
}

function scopeText(
  { dataset, model, device }: UnlearningExperiment,
  { measure, concepts, seeds }: ArmsSummary,
): string {
  const scope = [plural(concepts.length, 'concept'), plural(seeds.length, 'seed')].join(', ');
  return escapeTerminal(`${measure.name} in percent; ${scope}; ${dataset.name}, ${model.name}, ${device}`);
}

function tableLines(experiment: UnlearningExperiment, summary: ArmsSummary, colors: Colors, width: number): string[] {
  const withPaper = width >= 96 && experiment.published.length > 0;
  const withIntervals = width >= 72;
  const interval: Column[] = withIntervals ? [{ title: '95 %', align: 'right' }] : [];
  const columns: Column[] = [
    { title: 'Arm', align: 'left', shrinksTo: 12 },
    { title: 'Forget', align: 'right' },
    ...interval,
    { title: 'Retain', align: 'right' },
    ...interval,
    { title: 'Kept', align: 'right' },
    { title: 'Targets', align: 'right' },
    ...(withPaper ? [{ title: 'Published', align: 'right' } as const] : []),
  ];
  const row = (entry: ArmSummary): Row => {
    const { figures, arm } = entry;
    const count = targetCount(entry);
    const published = publishedOf(experiment, entry);
    const paint = count === null ? undefined : count.held === count.of ? colors.green : colors.yellow;
    return {
      cells: [
        escapeTerminal(arm.title),
        formatPoints(figures.forget?.mean),
        ...(withIntervals ? [formatPointsInterval(figures.forget?.interval)] : []),
        formatPoints(figures.retain?.mean),
        ...(withIntervals ? [formatPointsInterval(figures.retain?.interval)] : []),
        arm.role === 'original' ? '' : formatPoints(figures.retainKept?.mean),
        count === null ? '' : `${count.held} of ${count.of}`,
        ...(withPaper
          ? [published === null ? '' : `${published.forget.toFixed(2)} / ${published.retain.toFixed(2)}`]
          : []),
      ],
      cellStyles: [
        undefined,
        undefined,
        ...(withIntervals ? [colors.dim] : []),
        undefined,
        ...(withIntervals ? [colors.dim] : []),
        undefined,
        paint,
        colors.dim,
      ],
      ...(entry === summary.method && { style: colors.bold }),
    };
  };
  const gap: Row = { cells: [] };
  const rows: Row[] = [
    { cells: columns.map(({ title }) => title), style: colors.dim },
    ...ablationRows(summary).map(row),
  ];
  const others = baselineRows(summary);
  if (others.length > 0) rows.push(gap, ...others.map(row));
  if (summary.sweep.length > 0) rows.push(gap, ...summary.sweep.map(row));
  return textTable(columns, rows, width);
}

function footer(experiment: UnlearningExperiment, summary: ArmsSummary, colors: Colors, width: number): string[] {
  const { targets, measure, method } = summary;
  const arms = [...summary.arms, ...summary.sweep];
  const lines: string[] = [];
  const add = (text: string, paint: (line: string) => string = (line) => line): void => {
    for (const line of wrapText(text, width, '  ')) lines.push(paint(line));
  };
  add(
    `targets: forget ≤ ${formatRate(targets.forgetAtMost)}, retain ≥ ${formatRate(targets.retainKeptAtLeast)} of before (column Kept), each concept and seed`,
  );
  const failed = method?.checks.filter(({ holds }) => !holds) ?? [];
  for (const { concept, seed, reasons } of failed.slice(0, mostReasons))
    add(`missed: ${escapeTerminal(concept)}, seed ${seed}: ${reasons.join('; ')}`, colors.yellow);
  if (failed.length > mostReasons) add(`and ${plural(failed.length - mostReasons, 'further model')}`, colors.yellow);
  const missing = arms.flatMap(({ arm, missing: entries }) => entries.map((entry) => ({ ...entry, arm: arm.title })));
  for (const { arm, concept, seed, reason } of missing.slice(0, mostReasons))
    add(
      `no model: ${[arm, concept].map((name) => escapeTerminal(name)).join(', ')}, seed ${seed}: ${escapeTerminal(reason)}`,
      colors.red,
    );
  if (missing.length > mostReasons)
    add(`and ${plural(missing.length - mostReasons, 'further model')} missing`, colors.red);
  const seconds = experiment.outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0);
  add(
    `training: ${formatSeconds(seconds)} in ${plural(experiment.outcomes.filter(({ steps }) => steps > 0).length, 'run')}`,
  );
  for (const note of experiment.notes) add(`note: ${escapeTerminal(note)}`);
  if (experiment.published.length > 0 && width >= 96)
    add(
      `published: forget / retain of ${sourcesOf(experiment)
        .map((source) => escapeTerminal(source))
        .join('; ')}; another model and split, beside ours as such`,
      colors.dim,
    );
  add(`${intervalSentence(summary)} Each figure: ${measure.name}.`, colors.dim);
  return lines;
}
