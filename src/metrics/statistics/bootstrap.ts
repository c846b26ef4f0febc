import { clusterSums, type ClusterSums } from './cluster-sums.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { resample, type SumStatistic } from './resample.ts';
import { requireConfidence } from './wilson.ts';

export interface BootstrapOptions {
  /** One label a sample; samples of one label are drawn together. Absent: every sample alone. */
  readonly clusters?: ArrayLike<string | number> | undefined;
  /** Default 2000, at least 100. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Default 1. The same seed gives the same interval. */
  readonly seed?: number | string;
  /** Default `bca`. */
  readonly method?: 'percentile' | 'bca';
}

export interface BootstrapResult {
  /** The statistic of the samples as they are. */
  readonly value: number;
  /** Null below two clusters: one cannot tell how much another would differ. */
  readonly low: number | null;
  readonly high: number | null;
  /** Bootstrap standard error, null below two clusters. */
  readonly standardError: number | null;
  readonly resamples: number;
  readonly clusters: number;
}

/** Quantile by linear interpolation between order statistics (R's type 7) of a sorted list. */
export function sortedQuantile(sorted: ArrayLike<number>, probability: number): number {
  const position = (sorted.length - 1) * probability;
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (position - below);
}

/** Acceleration from the leave-one-cluster-out values: Σd³ / (6 (Σd²)^1.5). */
function acceleration(data: ClusterSums, statistic: SumStatistic): number {
  const left = new Float64Array(data.columns.length);
  const values = new Float64Array(data.clusters);
  let total = 0;
  for (let i = 0; i < data.clusters; i++) {
    for (let k = 0; k < left.length; k++) {
      left[k] = (data.totals[k] as number) - ((data.columns[k] as Float64Array)[i] as number);
    }
    const value = statistic(left);
    values[i] = value;
    total += value;
  }
  const center = total / data.clusters;
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    const distance = center - value;
    squares += distance * distance;
    cubes += distance * distance * distance;
  }
  const result = cubes / (6 * squares ** 1.5);
  return Number.isFinite(result) ? result : 0;
}

/** The probabilities at which BCa reads the bootstrap distribution (Efron 1987). */
function adjust(sorted: Float64Array, value: number, accelerated: number, tail: number): [number, number] {
  let below = 0;
  let equal = 0;
  for (const replicate of sorted) {
    if (replicate < value) below++;
    else if (replicate === value) equal++;
  }
  // Ties count half, so that a discrete statistic is not taken for a biased one.
  const share = (below + equal / 2) / sorted.length;
  if (share === 0 || share === 1) return [tail, 1 - tail];
  const bias = normalQuantile(share);
  const at = (probability: number): number => {
    const shifted = bias + normalQuantile(probability);
    return normalCdf(bias + shifted / (1 - accelerated * shifted));
  };
  return [at(tail), at(1 - tail)];
}

/**
 * Bootstrap interval of any figure that is made from sums over samples.
 *
 * `columns` holds one list of numbers for each sum (`[tp, fp, fn]`, one entry a sample). Whole clusters are drawn with
 * replacement; the interval is BCa (B. Efron, Better Bootstrap Confidence Intervals, JASA 82, 1987) or percentile.
 * A statistic of sums costs clusters × columns additions a resample, however many samples a cluster has. Replicates
 * without a value (NaN, a ratio over nothing) are left out.
 * @throws RangeError where lists differ in length, hold what is not finite, or an option is out of range.
 */
export function bootstrapStatistic(
  columns: readonly ArrayLike<number>[],
  statistic: SumStatistic,
  options: BootstrapOptions = {},
): BootstrapResult {
  const data = clusterSums(columns, options.clusters, 'bootstrapStatistic');
  return bootstrapSums(data, statistic, options);
}

export function requireResamples(resamples: number): number {
  if (!(Number.isInteger(resamples) && resamples >= 100)) {
    throw new RangeError(`resamples ${resamples} is not an integer of at least 100`);
  }
  return resamples;
}

export function bootstrapSums(
  data: ClusterSums,
  statistic: SumStatistic,
  { resamples = 2000, confidence = 0.95, seed = 1, method = 'bca' }: BootstrapOptions,
): BootstrapResult {
  const tail = (1 - requireConfidence(confidence)) / 2;
  const { clusters } = data;
  const value = statistic(data.totals.slice());
  const shared = { value, clusters, resamples: requireResamples(resamples) };
  const sorted =
    clusters < 2
      ? []
      : resample(data, statistic, resamples, seed)
          .filter((v) => !Number.isNaN(v))
          .sort();
  if (!(sorted instanceof Float64Array) || sorted.length === 0) {
    return { ...shared, low: null, high: null, standardError: null };
  }
  let center = 0;
  for (const replicate of sorted) center += replicate / sorted.length;
  let squares = 0;
  for (const replicate of sorted) squares += (replicate - center) ** 2;
  const [lower, upper] =
    method === 'bca' ? adjust(sorted, value, acceleration(data, statistic), tail) : [tail, 1 - tail];
  return {
    ...shared,
    low: sortedQuantile(sorted, lower),
    high: sortedQuantile(sorted, upper),
    standardError: Math.sqrt(squares / Math.max(1, sorted.length - 1)),
  };
}
