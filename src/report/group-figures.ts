import type { BenchmarkFigures, GroupFigure, TaskFigure } from '../core/index.ts';
import { meanOfFigures } from './combine.ts';
import { replicateCount } from './replicates.ts';
import type { BenchmarkForSummary } from './summarize.ts';

export interface GroupTable {
  readonly figures: BenchmarkFigures;
  readonly replicates: {
    readonly groups: Readonly<Record<string, Float64Array>>;
    readonly overall: Float64Array | null;
  };
}

/**
 * The table's lower lines and their replicates: the benchmark's own rule applied to the tasks' figures,
 * and once more to each replicate of them, so that an interval belongs to the very figure it stands beside.
 */
export function groupFigures(options: {
  readonly benchmark: BenchmarkForSummary | undefined;
  readonly mode: string;
  readonly tasks: readonly TaskFigure[];
  /** By task; null where it has no score. */
  readonly replicates: readonly (Float64Array | null)[];
}): GroupTable {
  const { benchmark, mode, tasks } = options;
  const rule =
    benchmark?.figures?.bind(benchmark) ?? ((parts: readonly TaskFigure[]) => plainFigures(parts, benchmark?.groupBy));
  const figures = rule(tasks, mode);
  const groups: Record<string, Float64Array> = Object.create(null);
  for (const name in figures.groups)
    if (figures.groups[name]?.score !== null) groups[name] = new Float64Array(replicateCount);
  const overall = figures.overall.score === null ? null : new Float64Array(replicateCount);
  if (overall !== null || Object.keys(groups).length > 0) {
    for (let r = 0; r < replicateCount; r++) {
      const replicate = rule(
        tasks.map((task, i) => bareFigure(task, options.replicates[i]?.[r])),
        mode,
      );
      for (const name in groups) (groups[name] as Float64Array)[r] = replicate.groups[name]?.score ?? NaN;
      if (overall !== null) overall[r] = replicate.overall.score ?? NaN;
    }
  }
  return { figures, replicates: { groups, overall } };
}

/** Without the replies: whether the reference crashes is settled, a replicate asks for the numbers alone. */
function bareFigure(task: TaskFigure, replicate: number | undefined): TaskFigure {
  const { name, labels, n, error, reason } = task;
  const why = { ...(error !== undefined && { error }), ...(reason !== undefined && { reason }) };
  return { name, labels, n, score: replicate ?? task.score, ...why };
}

/** Unweighted means over tasks: of each group, and of all tasks. */
function plainFigures(tasks: readonly TaskFigure[], groupBy: string | undefined): BenchmarkFigures {
  const groups: Record<string, GroupFigure> = Object.create(null);
  if (groupBy !== undefined) {
    const members = Map.groupBy(tasks, (task) => task.labels[groupBy]);
    for (const [name, parts] of members) if (name !== undefined) groups[name] = meanOfFigures(parts);
  }
  return { groups, overall: meanOfFigures(tasks) };
}
