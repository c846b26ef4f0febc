import { bootstrapSums, requireResamples, type BootstrapOptions, type BootstrapResult } from './bootstrap.ts';
import { clusterSums } from './cluster-sums.ts';
import { createGenerator } from './generator.ts';
import { requireSameLength } from './mean.ts';

function differences(first: ArrayLike<number>, second: ArrayLike<number>, name: string): Float64Array {
  requireSameLength(first, second, name);
  return Float64Array.from({ length: first.length }, (_, i) => (second[i] as number) - (first[i] as number));
}

/**
 * Mean of `second - first` over the same samples, with its bootstrap interval: samples (or clusters) are drawn in pairs,
 * so that what both find hard or easy cancels out.
 * @throws RangeError where the lists differ in length or hold what is not finite. The value is NaN without samples.
 */
export function pairedDifference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: BootstrapOptions = {},
): BootstrapResult {
  const difference = differences(first, second, 'pairedDifference');
  const data = clusterSums(
    [difference, new Float64Array(difference.length).fill(1)],
    options.clusters,
    'pairedDifference',
  );
  return bootstrapSums(data, ([sum, count]) => (sum as number) / (count as number), options);
}

export interface PermutationOptions {
  /** One label a sample; a cluster changes its sign as a whole. */
  readonly clusters?: ArrayLike<string | number> | undefined;
  /** Default 10000. */
  readonly resamples?: number;
  readonly seed?: number | string;
}

export interface PermutationResult {
  /** Mean of `second - first`. */
  readonly difference: number;
  /** Two-sided. */
  readonly pValue: number;
  /** True where all sign patterns were tried. */
  readonly exact: boolean;
}

/** Up to this many clusters that differ, all 2^m sign patterns are fewer than the usual number of random ones. */
const exactLimit = 13;

/** Largest rounding error of sums in another order, so that ties with what was observed count as ties. */
function slack(sums: Float64Array): number {
  return sums.reduce((total, value) => total + Math.abs(value), 0) * 1e-12;
}

function exactShare(sums: Float64Array, observed: number): number {
  const patterns = 2 ** sums.length;
  let extreme = 0;
  for (let pattern = 0; pattern < patterns; pattern++) {
    let total = 0;
    for (let i = 0; i < sums.length; i++) total += (pattern >>> i) & 1 ? -(sums[i] as number) : (sums[i] as number);
    if (Math.abs(total) >= observed) extreme++;
  }
  return extreme / patterns;
}

function randomShare(sums: Float64Array, observed: number, resamples: number, seed: number | string): number {
  const generator = createGenerator(seed);
  let extreme = 0;
  for (let r = 0; r < resamples; r++) {
    let total = 0;
    for (let start = 0; start < sums.length; start += 32) {
      const end = Math.min(start + 32, sums.length);
      let signs = generator.word();
      for (let i = start; i < end; i++) {
        total += (1 - ((signs & 1) << 1)) * (sums[i] as number);
        signs >>>= 1;
      }
    }
    if (Math.abs(total) >= observed) extreme++;
  }
  // The observed pattern is one of those that could have come (Phipson and Smyth 2010), so p is never 0.
  return (extreme + 1) / (resamples + 1);
}

/**
 * Permutation test of a paired difference: under the null the sign of each sample's (cluster's) difference is a fair coin
 * (R. Fisher, The Design of Experiments, 1935, section 21). Exact where at most 13 clusters differ.
 * @throws RangeError where the lists differ in length or hold what is not finite.
 */
export function pairedPermutationTest(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  { clusters, resamples = 10_000, seed = 1 }: PermutationOptions = {},
): PermutationResult {
  requireResamples(resamples);
  const difference = differences(first, second, 'pairedPermutationTest');
  const data = clusterSums([difference], clusters, 'pairedPermutationTest');
  const total = data.totals[0] as number;
  const sums = (data.columns[0] as Float64Array).filter((value) => value !== 0);
  const observed = Math.abs(sums.reduce((sum, value) => sum + value, 0)) - slack(sums);
  const exact = sums.length <= exactLimit;
  const pValue = exact ? exactShare(sums, observed) : randomShare(sums, observed, resamples, seed);
  return { difference: total / difference.length, pValue, exact };
}
