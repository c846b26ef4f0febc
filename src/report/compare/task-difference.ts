import { FettleError, type Aggregate, type Score } from '../../core/index.ts';
import {
  detectableMeanDifference,
  detectableProportionDifference,
  mcnemarPaired,
  mean,
  pairedPermutationTest,
  standardError,
} from '../../metrics/index.ts';
import { aggregateReplicates, meanReplicates, percentileInterval } from '../replicates.ts';
import type { SampleMeans } from '../sample-means.ts';
import type { Difference } from './comparison.ts';
import type { TaskPairs } from './paired-values.ts';

export interface DifferenceWithReplicates {
  readonly difference: Difference;
  readonly replicates: Float64Array | null;
  readonly note?: string;
}

/**
 * One task's difference: the paired bootstrap for its interval, McNemar's exact test where every value is 0 or 1 and
 * every sample stands alone, else the sign-flip permutation test of the samples' differences.
 */
export function taskDifference(pairs: TaskPairs, seed: string, aggregate?: Aggregate): DifferenceWithReplicates {
  const n = pairs.first.length;
  if (n === 0) return { difference: noPairs, replicates: null };
  const differences = pairs.second.map((value, i) => value - (pairs.first[i] as number));
  const units = unitsOf(pairs);
  const plain = {
    n,
    ...testOf(pairs, seed),
    detectable: detectableOf(pairs, differences),
    firstBetter: differences.filter((value) => value < 0).length,
    secondBetter: differences.filter((value) => value > 0).length,
  };
  const figures = aggregate && aggregated(pairs, units, aggregate, seed);
  if (figures !== undefined) {
    const { first, second, replicates } = figures;
    // The test and the detectable difference are of the samples' values, which is what the figure is made from.
    const difference = first === null || second === null ? null : second - first;
    const interval = units.unitCount < 2 ? null : percentileInterval(replicates);
    return {
      difference: { ...plain, first, second, difference, interval },
      replicates: difference === null ? null : replicates,
      note: `difference and interval are of ${aggregate?.name ?? ''}; the test is of its samples' values`,
    };
  }
  const replicates = meanReplicates({ ...units, values: differences }, seed);
  return {
    difference: {
      ...plain,
      first: mean(pairs.first),
      second: mean(pairs.second),
      difference: mean(differences),
      interval: units.unitCount < 2 ? null : percentileInterval(replicates),
    },
    replicates,
  };
}

const noPairs: Difference = {
  n: 0,
  first: null,
  second: null,
  difference: null,
  interval: null,
  pValue: null,
  test: null,
  detectable: null,
  firstBetter: 0,
  secondBetter: 0,
};

const isBinary = (values: Float64Array): boolean => values.every((value) => value === 0 || value === 1);

function testOf({ first, second, clusters }: TaskPairs, seed: string): Pick<Difference, 'pValue' | 'test'> {
  if (clusters === undefined && isBinary(first) && isBinary(second)) {
    return { pValue: mcnemarPaired(first, second).pValue, test: 'McNemar exact' };
  }
  const { pValue } = pairedPermutationTest(first, second, { seed, ...(clusters && { clusters }) });
  return { pValue, test: clusters === undefined ? 'sign-flip permutation' : 'sign-flip permutation over clusters' };
}

function detectableOf({ first, second, clusters }: TaskPairs, differences: Float64Array): number | null {
  if (clusters === undefined && isBinary(first) && isBinary(second)) {
    const discordant = differences.filter((value) => value !== 0).length;
    return detectableProportionDifference(first.length, discordant / first.length);
  }
  const error = standardError(differences, clusters);
  return Number.isNaN(error) || error === 0 ? null : detectableMeanDifference(error);
}

function unitsOf({ first, clusters }: TaskPairs): Omit<SampleMeans, 'values'> {
  const codes = new Map<string, number>();
  const units = Int32Array.from({ length: first.length }, (_, i) => {
    if (clusters === undefined) return i;
    const label = clusters[i] as string;
    const code = codes.get(label) ?? codes.size;
    codes.set(label, code);
    return code;
  });
  const unitCount = clusters === undefined ? first.length : codes.size;
  return {
    units,
    unitCount,
    clustered: clusters !== undefined,
    rowsOfUnit: () => {
      const rows = Array.from({ length: unitCount }, (): number[] => []);
      for (const [i, unit] of units.entries()) rows[unit]?.push(i);
      return rows;
    },
  };
}

/** Undefined where the aggregate has no figure for one of the runs. */
function aggregated(pairs: TaskPairs, units: Omit<SampleMeans, 'values'>, aggregate: Aggregate, seed: string) {
  const figure = (scores: TaskPairs['firstScores'], rows: ArrayLike<number>): number | null => {
    const completed: Score[] = [];
    let count = 0;
    for (let i = 0; i < rows.length; i++) {
      for (const score of scores[rows[i] as number] ?? []) {
        count++;
        if (score !== null) completed.push(score);
      }
    }
    if (completed.length === 0) return count === 0 ? null : 0;
    try {
      const value = aggregate.compute(completed);
      return value === null || !Number.isFinite(value) ? null : (value * completed.length) / count;
    } catch (error) {
      if (FettleError.isInstance(error)) return null;
      throw error;
    }
  };
  const all = Int32Array.from({ length: pairs.first.length }, (_, i) => i);
  const first = figure(pairs.firstScores, all);
  const second = figure(pairs.secondScores, all);
  const compute = (rows: readonly number[]): number | null => {
    const a = figure(pairs.firstScores, rows);
    const b = figure(pairs.secondScores, rows);
    return a === null || b === null ? null : b - a;
  };
  return { first, second, replicates: aggregateReplicates(units.rowsOfUnit(), compute, seed) };
}
