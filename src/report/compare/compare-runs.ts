import { usageError } from '../../core/index.ts';
import { holm } from '../../metrics/index.ts';
import { runLabel, type RunForReport } from '../run-for-report.ts';
import type { Summary } from '../summary.ts';
import type { TaskForSummary } from '../task-tally.ts';
import type { ComparedRun, Comparison, Difference, PairComparison, TaskDifference } from './comparison.ts';
import { joinPairs, pairTask, valuesOf, type RunValues } from './paired-values.ts';
import { taskDifference } from './task-difference.ts';
import { comparisonWarnings } from './warnings.ts';
import { weightedDifference, type WeightedPart } from './weighted-difference.ts';

export interface CompareOptions {
  /** Tasks whose figure is not a mean need their aggregate; without it the mean of the samples' values is compared. */
  readonly tasks?: readonly TaskForSummary[] | undefined;
}

/**
 * Compares every run with the first, pair by pair on the samples that both have (by task and id, epochs averaged).
 * Differences are `other - first`. p-values of tasks are corrected by Holm.
 * Throws a usage error for fewer than two runs.
 */
export async function compareRuns(runs: readonly RunForReport[], options: CompareOptions = {}): Promise<Comparison> {
  const [first, ...others] = runs;
  if (first === undefined || others.length === 0) {
    throw usageError('a comparison needs two runs or more', { hint: '`fettle runs` lists what there is.' });
  }
  const tasks = new Map((options.tasks ?? []).map((task) => [task.name, task]));
  const base = await valuesOf(first, tasks);
  const comparisons: PairComparison[] = [];
  for (const other of others) comparisons.push(comparePair(first, other, base, await valuesOf(other, tasks), tasks));
  const { groupBy } = first.summary;
  return { first: comparedRun(first), ...(groupBy !== undefined && { groupBy }), comparisons };
}

const comparedRun = (run: RunForReport): ComparedRun => ({
  id: run.summary.run ?? run.run?.id ?? '',
  label: runLabel(run),
  benchmark: run.summary.benchmark,
  mode: run.summary.mode,
});

function comparePair(
  first: RunForReport,
  other: RunForReport,
  base: RunValues,
  values: RunValues,
  definitions: ReadonlyMap<string, TaskForSummary>,
): PairComparison {
  const names = [
    ...new Set([...Object.keys(first.summary.tasks), ...base.byTask.keys(), ...values.byTask.keys()]),
  ].filter((name) => base.byTask.has(name) || values.byTask.has(name));
  const labelsOf = (name: string) => first.summary.tasks[name]?.labels ?? other.summary.tasks[name]?.labels ?? {};
  const { groupBy } = first.summary;
  const weights = taskWeights(first.summary, names, labelsOf);
  const parts = names.map((name): NamedPart => {
    const pairs = pairTask(base, values, name);
    const result = taskDifference(pairs, `compare ${name}`, definitions.get(name)?.aggregate);
    return { name, pairs, result, weight: weights.get(name) ?? 1 };
  });
  /** The figure of several tasks is made here as the summaries of the runs make it. */
  const meanDifference = (
    members: readonly NamedPart[],
    scoreOf: (summary: Summary) => number | null | undefined,
    seed: string,
  ): Difference => {
    const overSamples = [first, other].some(({ summary }) => isMeanOfSamples(members, summary, scoreOf(summary)));
    return overSamples && !members.some(isAggregated)
      ? taskDifference(joinPairs(members.map(({ pairs }) => pairs)), seed).difference
      : weightedDifference(members, seed);
  };
  const isAggregated = ({ name }: NamedPart): boolean => definitions.get(name)?.aggregate !== undefined;
  const tested = parts.filter(({ result }) => result.difference.pValue !== null);
  const adjusted = holm(tested.map(({ result }) => result.difference.pValue as number));
  const tasks = parts.map(({ name, pairs, result }): [string, TaskDifference] => {
    const position = tested.findIndex((part) => part.name === name);
    const unknown = base.withCounts.has(name) && !definitions.has(name);
    const note = result.note ?? (unknown ? 'compared by the mean of its samples, not by its own aggregate' : undefined);
    return [
      name,
      {
        ...result.difference,
        pAdjusted: adjusted[position] ?? null,
        labels: labelsOf(name),
        onlyFirst: pairs.onlyFirst,
        onlySecond: pairs.onlySecond,
        ...(note !== undefined && { note }),
      },
    ];
  });
  const groups = groupBy === undefined ? [] : [...Map.groupBy(parts, ({ name }) => labelsOf(name)[groupBy])];
  const total = (of: 'onlyFirst' | 'onlySecond') => parts.reduce((sum, { pairs }) => sum + pairs[of], 0);
  const pairs = parts.reduce((sum, part) => sum + part.pairs.first.length, 0);
  return {
    second: comparedRun(other),
    pairs,
    onlyFirst: total('onlyFirst'),
    onlySecond: total('onlySecond'),
    tasks: Object.fromEntries(tasks),
    groups: Object.fromEntries(
      groups.flatMap(([group, members]) =>
        group === undefined
          ? []
          : [[group, meanDifference(evenly(members), ({ groups: of }) => of[group], `compare group ${group}`)]],
      ),
    ),
    overall: meanDifference(parts, (summary) => summary.overall, 'compare overall'),
    warnings: comparisonWarnings(first, other, {
      pairs,
      onlyFirst: total('onlyFirst'),
      onlySecond: total('onlySecond'),
    }),
  };
}

type NamedPart = WeightedPart & { readonly name: string };

const evenly = (parts: readonly NamedPart[]): NamedPart[] => parts.map((part) => ({ ...part, weight: 1 }));

/** True where the figure is the mean over the samples of these tasks and not the mean over the tasks. */
function isMeanOfSamples(parts: readonly NamedPart[], summary: Summary, score: number | null | undefined): boolean {
  const tasks = parts.flatMap(({ name }) => {
    const { n = 0, score: own = null } = summary.tasks[name] ?? {};
    return own === null ? [] : [{ n, score: own }];
  });
  if (score == null || tasks.length < 2) return false;
  const samples = tasks.reduce((sum, { n }) => sum + n, 0);
  const overSamples = tasks.reduce((sum, task) => sum + (task.n / samples) * task.score, 0);
  const overTasks = tasks.reduce((sum, task) => sum + task.score / tasks.length, 0);
  return Math.abs(overSamples - score) < 1e-9 && Math.abs(overTasks - score) >= 1e-9;
}

/** Each task counts alike, or, where the overall figure is the mean over groups, each group does. */
function taskWeights(
  summary: Summary,
  names: readonly string[],
  labelsOf: (name: string) => Readonly<Record<string, string>>,
): Map<string, number> {
  const { groupBy, overall } = summary;
  const groups = Object.values(summary.groups).filter((score) => score !== null);
  const mean = groups.reduce((sum, score) => sum + score, 0) / groups.length;
  const byGroup = groupBy !== undefined && overall !== null && Math.abs(mean - overall) < 1e-9;
  const sizes = new Map<string | undefined, number>();
  const groupOf = (name: string) => (byGroup ? labelsOf(name)[groupBy] : undefined);
  for (const name of names) sizes.set(groupOf(name), (sizes.get(groupOf(name)) ?? 0) + 1);
  return new Map(names.map((name) => [name, byGroup ? 1 / (sizes.get(groupOf(name)) ?? 1) : 1]));
}
