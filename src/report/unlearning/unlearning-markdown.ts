import { escapeTerminal } from '../escape-terminal.ts';
import { formatInteger, formatSeconds } from '../format.ts';
import { ablationRows, baselineRows, intervalSentence, publishedOf, sourcesOf, targetCount } from './arm-rows.ts';
import type { UnlearningExperiment } from './experiment.ts';
import { formatPoints, formatPointsDifference, formatPointsInterval, formatRate } from './format-rate.ts';
import type { SeedFigure } from './seed-figure.ts';
import { summarizeArms, type ArmsSummary, type ArmSummary } from './summarize-arms.ts';

/**
 * The figures of an unlearning experiment as Markdown, so that a document's tables are printed, never typed.
 * Headings start at `level` (default 2). Ends with a line feed.
 */
export function unlearningMarkdown(
  experiment: UnlearningExperiment,
  options: { readonly level?: number } = {},
): string {
  const summary = summarizeArms(experiment);
  const heading = '#'.repeat(options.level ?? 2);
  const parts = [
    facts(experiment, summary),
    `${heading} Ablation`,
    armTable(experiment, summary, ablationRows(summary), true),
    ...(experiment.published.length === 0
      ? []
      : [`Published: ${sourcesOf(experiment).map(plain).join('; ')}; another model and another split.`]),
    `${heading} Baselines`,
    armTable(experiment, summary, baselineRows(summary), false),
    ...(summary.sweep.length === 0
      ? []
      : [`${heading} Sweep of the loss weights`, armTable(experiment, summary, summary.sweep, false)]),
    `${intervalSentence(summary)} Targets: forget ≤ ${formatRate(summary.targets.forgetAtMost)}, retain ≥ ${formatRate(summary.targets.retainKeptAtLeast)} of before, each concept and seed by itself.`,
    `${heading} Every concept and seed`,
    modelTable(summary),
    ...missingLines(summary),
  ];
  return `${parts.join('\n\n')}\n`;
}

function facts(experiment: UnlearningExperiment, { measure, concepts, seeds }: ArmsSummary): string {
  const { dataset, model, device, versions, command } = experiment;
  const list = [
    `Measure: ${measure.name} on held-out test items, percent.`,
    `Concepts: ${concepts.map(plain).join(', ')}. Seeds: ${seeds.join(', ')}.`,
    `Data: ${plain(dataset.name)}, ${formatInteger(dataset.items)} items${dataset.classes === null ? '' : ` of ${formatInteger(dataset.classes)} classes`}, sha256 ${plain(dataset.hash.slice(0, 12))}.`,
    `Model: ${plain(model.name)}, ${formatInteger(model.parameters)} parameters, trained: ${plain(model.trainable)}.`,
    `Device: ${plain(device)}. ${Object.entries(versions)
      .map(([name, version]) => `${plain(name)} ${plain(version)}`)
      .join(', ')}.`,
    `Command: ${code(command)}`,
  ];
  return list.map((line) => `- ${line}`).join('\n');
}

function armTable(
  experiment: UnlearningExperiment,
  summary: ArmsSummary,
  rows: readonly ArmSummary[],
  published: boolean,
): string {
  const paper = published && experiment.published.length > 0;
  const gold = summary.goldStandard !== null;
  return table(
    [
      '',
      'forget',
      'retain',
      'retain kept',
      ...(gold ? ['forget less retrained', 'retain less retrained'] : []),
      'targets held',
      'time',
      ...(paper ? ['published forget', 'published retain'] : []),
    ],
    rows.map((row) => {
      const { arm, figures } = row;
      const count = targetCount(row);
      const print = publishedOf(experiment, row);
      return [
        row === summary.method ? `**${plain(arm.title)}**` : plain(arm.title),
        figureText(figures.forget),
        figureText(figures.retain),
        arm.role === 'original' ? '' : figureText(figures.retainKept),
        ...(gold ? [figureText(figures.forgetGap, signed), figureText(figures.retainGap, signed)] : []),
        count === null ? '' : `${count.held} of ${count.of}`,
        row.seconds === null || arm.role === 'original' ? '' : formatSeconds(row.seconds),
        ...(paper ? [print?.forget.toFixed(2) ?? '', print?.retain.toFixed(2) ?? ''] : []),
      ];
    }),
  );
}

const signed = (value: number): string => formatPointsDifference(value);

function figureText(figure: SeedFigure | null, format: (value: number) => string = formatPoints): string {
  if (figure === null) return '';
  const interval = figure.interval;
  if (interval === null) return format(figure.mean);
  return `${format(figure.mean)} (${format === formatPoints ? formatPointsInterval(interval) : interval.map(format).join(' to ')})`;
}

function modelTable({ arms, sweep }: ArmsSummary): string {
  const rows = [...arms, ...sweep].flatMap(({ arm, checks }) =>
    checks.map((check) => [
      plain(arm.title),
      plain(check.concept),
      String(check.seed),
      `${formatPoints(check.forgetBefore)} → ${formatPoints(check.forget)}`,
      `${formatPoints(check.retainBefore)} → ${formatPoints(check.retain)}`,
      formatPoints(check.retainKept),
      check.holds ? 'yes' : `no: ${check.reasons.join('; ')}`,
    ]),
  );
  return table(['', 'concept', 'seed', 'forget', 'retain', 'retain kept', 'targets hold'], rows);
}

function missingLines({ arms, sweep }: ArmsSummary): string[] {
  const lines = [...arms, ...sweep].flatMap(({ arm, missing }) =>
    missing.map(
      ({ concept, seed, reason }) => `- ${plain(arm.title)}, ${plain(concept)}, seed ${seed}: ${plain(reason)}`,
    ),
  );
  return lines.length === 0 ? [] : [`Without a model:`, lines.join('\n')];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Others' text as Markdown that says just that: no markup, links, HTML, cells or control characters. */
const plain = (text: string): string => escapeTerminal(text).replace(/[\\`*_{}[\]<>#!|~&$]/g, '\\$&');

/** A code span that no run of backticks in the text can end. */
function code(text: string): string {
  const shown = escapeTerminal(text);
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}
