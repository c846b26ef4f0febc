import type { TaskFigure } from '../core/index.ts';
import { sortedQuantile } from '../metrics/index.ts';
import type { FigureWithReplicates } from './figure.ts';
import type { Distribution, Figure, SummaryError, TaskSummary } from './summary.ts';
import type { TaskTally } from './task-tally.ts';

/** A task as the benchmark's rule for its table sees it. */
export function taskFigure(tally: TaskTally, figure: Figure, withReplies: boolean): TaskFigure {
  return {
    name: tally.task.name,
    labels: tally.task.labels ?? {},
    n: figure.n,
    score: figure.score,
    ...(figure.error !== undefined && { error: figure.error }),
    ...(figure.reason !== undefined && { reason: figure.reason }),
    ...(withReplies && { replies: tally.replies }),
  };
}

export function taskSummary(tally: TaskTally, { figure }: FigureWithReplicates): TaskSummary {
  const { task } = tally;
  return {
    ...figure,
    metric: task.labels?.['metric'] ?? task.aggregate?.name ?? task.scorers?.[0]?.name ?? 'mean',
    labels: task.labels ?? {},
    ...(tally.highestEpoch > 1 && { epochs: tally.highestEpoch }),
    ...(tally.further.size > 0 && {
      further: Object.fromEntries(
        [...tally.further].map(([name, { sum, n }]) => {
          const results = n + tally.failures;
          return [name, { n: results, score: sum / results }];
        }),
      ),
    }),
  };
}

/** Tasks without a figure because something broke, unless one of their samples has said so already. */
export function taskErrors(figures: readonly TaskFigure[], known: readonly SummaryError[]): SummaryError[] {
  const said = new Set(known.map((entry) => entry.message));
  return figures
    .filter((figure) => figure.error !== undefined && !said.has(figure.error))
    .map((figure) => ({ where: figure.name, message: figure.error ?? '', count: 1 }));
}

/** Latency and output length over all samples that called a model. */
export function distributions(tallies: readonly TaskTally[]): {
  latencyMs?: Distribution;
  outputTokens?: Distribution;
} {
  const latencyMs = distribution(tallies.map((tally) => tally.durationsMs.view()));
  const outputTokens = distribution(tallies.map((tally) => tally.outputTokens.view()));
  return { ...(latencyMs && { latencyMs }), ...(outputTokens && { outputTokens }) };
}

function distribution(columns: readonly Float64Array[]): Distribution | undefined {
  const values = new Float64Array(columns.reduce((sum, column) => sum + column.length, 0));
  let offset = 0;
  for (const column of columns) {
    values.set(column, offset);
    offset += column.length;
  }
  values.sort();
  const max = values.at(-1);
  if (max === undefined || max === 0) return undefined;
  const [p10, p50, p90, p99] = [0.1, 0.5, 0.9, 0.99].map((p) => sortedQuantile(values, p)) as [
    number,
    number,
    number,
    number,
  ];
  return { p10, p50, p90, p99, max };
}
