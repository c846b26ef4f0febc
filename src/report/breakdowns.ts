import { groupSummary, meanOfFigures, meanOverSamples, meanReplicatesOver } from './combine.ts';
import { figureOf, type FigureWithReplicates } from './figure.ts';
import type { GroupSummary } from './summary.ts';
import type { TaskTally } from './task-tally.ts';

/** More values than this is a label that names samples, not kinds of them. */
const mostValues = 50;

/**
 * Figures by label of the samples: for each value the mean over tasks of the task's figure over the samples that carry
 * it, as the groups of the table are made. Tasks weigh alike, or as many as they have samples.
 */
export function breakdownsOf(
  tallies: readonly TaskTally[],
  /** The figure over all of each task, in the same order. */
  wholeTasks: readonly FigureWithReplicates[],
  keys: readonly string[] | undefined,
  over: 'tasks' | 'samples' = 'tasks',
): Record<string, Record<string, GroupSummary>> {
  const found = keys ?? [...new Set(tallies.flatMap((tally) => [...tally.labels.keys()]))].toSorted();
  const breakdowns: Record<string, Record<string, GroupSummary>> = Object.create(null);
  for (const key of found) {
    const parts = new Map<string, FigureWithReplicates[]>();
    for (const [i, tally] of tallies.entries()) {
      for (const [value, rows] of rowsByValue(tally, key)) {
        const whole = rows.length === tally.length ? wholeTasks[i] : undefined;
        const figure = whole ?? figureOf(tally, rows, `task ${tally.task.name} ${key} ${value}`);
        parts.set(value, [...(parts.get(value) ?? []), figure]);
      }
    }
    // Without a benchmark to say which labels matter, those that divide the samples do.
    if (parts.size === 0 || (keys === undefined && (parts.size < 2 || parts.size > mostValues))) continue;
    const values: Record<string, GroupSummary> = Object.create(null);
    for (const [value, figures] of parts) {
      const plain = figures.map(({ figure }) => figure);
      const mean = over === 'tasks' ? meanOfFigures(plain) : meanOverSamples(plain);
      values[value] = groupSummary(mean, plain, meanReplicatesOver(figures, over));
    }
    breakdowns[key] = values;
  }
  return breakdowns;
}

function rowsByValue(tally: TaskTally, key: string): Map<string, Int32Array> {
  const column = tally.labels.get(key);
  const rows = new Map<string, number[]>();
  if (column === undefined) return new Map();
  for (let row = 0; row < column.codes.length; row++) {
    const value = column.names.names[column.codes.at(row)];
    if (value === undefined) continue;
    const known = rows.get(value);
    if (known === undefined) rows.set(value, [row]);
    else known.push(row);
  }
  return new Map([...rows].map(([value, list]) => [value, Int32Array.from(list)]));
}
