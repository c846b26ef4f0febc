import { requireResamples, sortedQuantile, type BootstrapOptions } from './bootstrap.ts';
import { clusterSums, type ClusterSums } from './cluster-sums.ts';
import { resample, type SumStatistic } from './resample.ts';
import { requireConfidence } from './wilson.ts';

/** One task of a benchmark: its values, or the columns of sums and the figure made from them. */
export type Stratum = { readonly clusters?: ArrayLike<string | number> | undefined } & (
  | { readonly values: ArrayLike<number> }
  | { readonly columns: readonly ArrayLike<number>[]; readonly statistic: SumStatistic }
);

export interface StratifiedResult {
  /** Weighted mean of the strata's figures; null without strata or where one has no figure. */
  readonly value: number | null;
  /** Null where some stratum has fewer than two clusters. */
  readonly low: number | null;
  readonly high: number | null;
  readonly standardError: number | null;
  readonly strata: number;
}

const ratio: SumStatistic = ([sum, count]) => (sum as number) / (count as number);

function prepare(stratum: Stratum, index: number): { data: ClusterSums; statistic: SumStatistic } {
  const name = `stratifiedInterval: stratum ${index}`;
  if ('columns' in stratum) {
    return { data: clusterSums(stratum.columns, stratum.clusters, name), statistic: stratum.statistic };
  }
  const ones = new Float64Array(stratum.values.length).fill(1);
  return { data: clusterSums([stratum.values, ones], stratum.clusters, name), statistic: ratio };
}

export interface StratifiedOptions extends Pick<BootstrapOptions, 'resamples' | 'confidence' | 'seed'> {
  /** One weight a stratum; equal where absent (the unweighted mean over tasks). */
  readonly weights?: readonly number[];
}

/**
 * A benchmark's overall figure, the mean over tasks of the tasks' figures, with a percentile bootstrap interval.
 * Every stratum is resampled by itself, by clusters, since the tasks are fixed and only their samples are drawn
 * (B. Efron and R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 8: several-sample problems).
 * @throws RangeError for lists that do not match, what is not finite, or weights that do not sum to a positive number.
 */
export function stratifiedInterval(strata: readonly Stratum[], options: StratifiedOptions = {}): StratifiedResult {
  const { resamples = 2000, confidence = 0.95, seed = 1, weights } = options;
  const tail = (1 - requireConfidence(confidence)) / 2;
  requireResamples(resamples);
  const raw = strata.map((_, i) => weights?.[i] ?? 1);
  const weightSum = raw.reduce((sum, weight) => sum + weight, 0);
  if ((weights !== undefined && weights.length !== strata.length) || raw.some((weight) => !(weight >= 0))) {
    throw new RangeError(`stratifiedInterval: needs one weight of at least 0 for each of ${strata.length} strata`);
  }
  const nothing = { low: null, high: null, standardError: null, strata: strata.length };
  if (strata.length === 0) return { value: null, ...nothing };
  if (weightSum <= 0) throw new RangeError('stratifiedInterval: all weights are 0');

  let value = 0;
  let known = true;
  const sums = new Float64Array(resamples);
  for (const [index, stratum] of strata.entries()) {
    const { data, statistic } = prepare(stratum, index);
    const weight = (raw[index] as number) / weightSum;
    value += weight * statistic(data.totals.slice());
    known &&= data.clusters > 1;
    if (!known) continue;
    const replicates = resample(data, statistic, resamples, `${seed}/${index}`);
    for (let r = 0; r < resamples; r++) sums[r] = (sums[r] as number) + weight * (replicates[r] as number);
  }
  if (Number.isNaN(value)) return { value: null, ...nothing };
  const sorted = sums.filter((sum) => !Number.isNaN(sum)).sort();
  if (!known || sorted.length === 0) return { value, ...nothing };
  const center = sorted.reduce((sum, replicate) => sum + replicate / sorted.length, 0);
  const squares = sorted.reduce((sum, replicate) => sum + (replicate - center) ** 2, 0);
  return {
    value,
    low: sortedQuantile(sorted, tail),
    high: sortedQuantile(sorted, 1 - tail),
    standardError: Math.sqrt(squares / Math.max(1, sorted.length - 1)),
    strata: strata.length,
  };
}
