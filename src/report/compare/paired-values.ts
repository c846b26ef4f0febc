import { isUnscoredFailure, type SampleResult, type Score } from '../../core/index.ts';
import type { RunForReport } from '../run-for-report.ts';
import type { TaskForSummary } from '../task-tally.ts';

interface Entry {
  sum: number;
  count: number;
  readonly group: string | undefined;
  /** Kept where the task's figure is made from scores; null for a failed sample. */
  readonly scores: (Score | null)[];
}

export interface RunValues {
  readonly byTask: ReadonlyMap<string, ReadonlyMap<string, Entry>>;
  /** Tasks whose scores carry counts, which hints at a figure that is not a mean. */
  readonly withCounts: ReadonlySet<string>;
}

/** The mean over epochs of every sample that has a value, by task and id. Failed samples are 0. */
export async function valuesOf(
  { results }: Pick<RunForReport, 'results'>,
  tasks: ReadonlyMap<string, TaskForSummary>,
): Promise<RunValues> {
  const values = new Map<string, Map<string, Entry>>();
  const withCounts = new Set<string>();
  for await (const result of results()) {
    const task = tasks.get(result.task);
    const score = firstScore(result, task);
    const value = isUnscoredFailure(result) ? 0 : (score?.value ?? null);
    if (value === null || !Number.isFinite(value)) continue;
    if (score?.counts !== undefined) withCounts.add(result.task);
    let entries = values.get(result.task);
    if (entries === undefined) values.set(result.task, (entries = new Map()));
    let entry = entries.get(result.sampleId);
    if (entry === undefined) {
      entry = { sum: 0, count: 0, group: result.group, scores: [] };
      entries.set(result.sampleId, entry);
    }
    entry.sum += value;
    entry.count++;
    if (task?.aggregate !== undefined) entry.scores.push(isUnscoredFailure(result) ? null : (score ?? null));
  }
  return { byTask: values, withCounts };
}

function firstScore(result: SampleResult, task: TaskForSummary | undefined): Score | undefined {
  const name = task?.scorers?.[0]?.name;
  return (name === undefined ? undefined : result.scores[name]) ?? Object.values(result.scores)[0];
}

/** What both runs say of one task's samples, in the order of the first run. */
export interface TaskPairs {
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** Group of each pair as the data names it, undefined where it names none. */
  readonly groups: readonly (string | undefined)[];
  /** Cluster of each pair; undefined where no two pairs share a group. */
  readonly clusters: readonly string[] | undefined;
  readonly firstScores: readonly (readonly (Score | null)[])[];
  readonly secondScores: readonly (readonly (Score | null)[])[];
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

export function pairTask(first: RunValues, second: RunValues, task: string): TaskPairs {
  const a = first.byTask.get(task) ?? new Map<string, Entry>();
  const b = second.byTask.get(task) ?? new Map<string, Entry>();
  const ids = [...a.keys()].filter((id) => b.has(id));
  const mean = (entry: Entry | undefined): number => (entry ? entry.sum / entry.count : 0);
  const groups = ids.map((id) => a.get(id)?.group);
  return {
    groups,
    clusters: clustersOf(groups),
    first: Float64Array.from(ids, (id) => mean(a.get(id))),
    second: Float64Array.from(ids, (id) => mean(b.get(id))),
    firstScores: ids.map((id) => a.get(id)?.scores ?? []),
    secondScores: ids.map((id) => b.get(id)?.scores ?? []),
    onlyFirst: a.size - ids.length,
    onlySecond: b.size - ids.length,
  };
}

/** The pairs of several tasks as those of one: samples of one group stay together across tasks. */
export function joinPairs(parts: readonly TaskPairs[]): TaskPairs {
  const groups = parts.flatMap((part) => part.groups);
  return {
    groups,
    clusters: clustersOf(groups),
    first: Float64Array.from(parts.flatMap(({ first }) => [...first])),
    second: Float64Array.from(parts.flatMap(({ second }) => [...second])),
    firstScores: parts.flatMap(({ firstScores }) => firstScores),
    secondScores: parts.flatMap(({ secondScores }) => secondScores),
    onlyFirst: parts.reduce((sum, { onlyFirst }) => sum + onlyFirst, 0),
    onlySecond: parts.reduce((sum, { onlySecond }) => sum + onlySecond, 0),
  };
}

function clustersOf(groups: readonly (string | undefined)[]): readonly string[] | undefined {
  const clusters = groups.map((group, i) => group ?? `\0${i}`);
  return new Set(clusters).size < clusters.length ? clusters : undefined;
}
