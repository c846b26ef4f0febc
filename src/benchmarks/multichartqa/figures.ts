import type { BenchmarkFigures, GroupFigure, TaskFigure } from '../../core/index.ts';
import { categoryOrder } from './vocabulary.ts';

/**
 * The table's lower lines: each category and `overall` are means over questions, as the released scorer's overall is.
 * Category means are ours: the released code prints none.
 */
export function chartFigures(tasks: readonly TaskFigure[]): BenchmarkFigures {
  const byCategory = Map.groupBy(tasks, ({ labels }) => labels['category'] ?? 'other');
  const rank = (name: string): number =>
    (categoryOrder.indexOf(name) + categoryOrder.length + 1) % (categoryOrder.length + 1);
  const groups: Record<string, GroupFigure> = Object.create(null);
  for (const name of [...byCategory.keys()].toSorted((a, b) => rank(a) - rank(b))) {
    groups[name] = microAverage(byCategory.get(name) as TaskFigure[]);
  }
  return { groups, overall: microAverage(tasks) };
}

function microAverage(tasks: readonly TaskFigure[]): GroupFigure {
  let sum = 0;
  let n = 0;
  let without: TaskFigure | undefined;
  for (const task of tasks) {
    if (task.score === null) {
      if (task.n > 0 || task.error !== undefined) without ??= task;
      continue;
    }
    sum += task.score * task.n;
    n += task.n;
  }
  if (n === 0) return { score: null, reason: without?.error ?? without?.reason ?? 'no question was scored' };
  const why = without === undefined ? undefined : (without.error ?? without.reason ?? 'not scored');
  return { score: sum / n, ...(why === undefined ? {} : { reason: `${without?.name ?? ''} has no figure: ${why}` }) };
}
