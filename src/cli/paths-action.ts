import { usageError } from '../core/index.ts';
import type { textTable } from '../report/index.ts';
import type { FiguresAtK, PathFigure, ScoredPaths } from '../workbench/index.ts';
import type { ScoreOptions } from './commands/score.ts';
import { printable } from './console.ts';
import type { CliContext } from './context.ts';
import { benchmarkOptions, targetOf } from './target.ts';

/** `fettle score --paths`: several replies a sample. */
export async function pathsAction(word: string, options: ScoreOptions, context: CliContext): Promise<void> {
  for (const [flag, given] of [
    ['--explain-modes', options.explainModes],
    ['--fail-under', options.failUnder],
    ['--judge', options.judge],
    ['--embedder', options.embedder],
  ] as const) {
    if (given === undefined) continue;
    throw usageError(`${flag} cannot be had with --paths.`, { where: flag });
  }
  const { openEvaluation, readPaths, scorePaths } = await import('../workbench/index.ts');
  const { mode, benchmark, opened } = await openEvaluation(
    {
      target: targetOf(word, options),
      mode: options.mode,
      data: options.data,
      tasks: options.tasks,
      options: benchmarkOptions(options),
    },
    { repliesOnly: true, replies: options.replies },
  );
  const scored = await scorePaths({
    opened,
    rows: await readPaths(options.replies),
    source: options.replies,
    models: {},
    vote: options.vote,
    verdicts: options.verdicts,
    missing: options.missing,
  });
  const notes = [...(opened.notes ?? []), ...scored.notes];
  if (context.json) {
    const { bySample, ...figures } = scored;
    context.printJson({
      benchmark: benchmark.name,
      mode,
      vote: options.vote,
      verdicts: options.verdicts,
      ...figures,
      notes,
      bySample,
    });
    return;
  }
  const { textTable } = await import('../report/index.ts');
  const lines = [
    `${benchmark.name} · ${options.verdicts === 'file' ? 'verdicts of the file' : `mode ${mode}`} · ${scored.samples} samples, ${scored.paths} paths each`,
    '',
    ...tableOf(scored, textTable, context.console.width),
    '',
    ...wordsOn(scored, options.vote),
    ...notes.map((note) => `note: ${note}`),
  ];
  context.console.out(`${lines.map(printable).join('\n')}\n`);
}

const titles = [
  ['maj@k', ({ majority }) => majority],
  ['weighted', ({ weighted }) => weighted],
  ['rm@k', ({ reward }) => reward],
  ['pass@k', ({ pass }) => pass],
  ['unbiased', ({ passUnbiased }) => passUnbiased],
  ['mean@k', ({ mean }) => mean],
] as const satisfies readonly (readonly [string, (figures: FiguresAtK) => PathFigure | undefined])[];

function tableOf(scored: ScoredPaths, table: typeof textTable, width: number): string[] {
  const shown = titles.filter(([, of]) => scored.figures.some((one) => of(one) !== undefined));
  const columns = ['k', ...shown.map(([title]) => title)].map((title) => ({ title, align: 'right' as const }));
  return table(columns, [{ cells: columns.map(({ title }) => title) }, ...scored.figures.map(rowOf)], width);
}

function rowOf(figures: FiguresAtK) {
  const cells = titles.flatMap(([, of]) => {
    const figure = of(figures);
    if (figure === undefined) return [];
    const { value, low, high } = figure;
    const interval = low === undefined || high === undefined ? '' : ` (${percent(low)}–${percent(high)})`;
    return [`${percent(value)}${interval}`];
  });
  return { cells: [String(figures.k), ...cells] };
}

const percent = (share: number): string => (100 * share).toFixed(1);

function wordsOn({ agreement, unparsed, figures }: ScoredPaths, vote: 'text' | 'meaning'): string[] {
  return [
    `Percent of samples, over their first k paths; 95 % intervals are Wilson's. Votes are for answers that ${vote === 'text' ? 'are written alike' : 'mean the same'}.`,
    ...(figures.some(({ weighted }) => weighted !== undefined)
      ? ['Weighted votes add the rewards of each answer; rewards outside of 0 to 1 are taken for logits.']
      : []),
    ...(agreement === undefined
      ? []
      : [
          `${agreement.same} of ${agreement.of} verdicts are those that the file itself has; --verdicts file counts its own.`,
        ]),
    ...(unparsed > 0 ? [`${unparsed} paths give no answer and are wrong.`] : []),
  ];
}
