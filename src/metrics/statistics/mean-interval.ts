import { bootstrapSums, type BootstrapOptions } from './bootstrap.ts';
import { clusterSums } from './cluster-sums.ts';
import { mean } from './mean.ts';
import { wilsonInterval } from './wilson.ts';

export interface MeanIntervalOptions extends BootstrapOptions {
  /** Whether the values are proportions' successes and failures. Looked up in the values where absent. */
  readonly binary?: boolean;
}

export interface MeanInterval {
  /** Null without values. */
  readonly mean: number | null;
  /** Null where nothing can be said: no values, one value that is not 0 or 1, or a single cluster. */
  readonly low: number | null;
  readonly high: number | null;
  readonly method: 'wilson' | 'bootstrap' | 'cluster-bootstrap';
  readonly n: number;
  /** Distinct clusters; `n` where none were named. */
  readonly clusters: number;
}

function allBinary(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0 && values[i] !== 1) return false;
  return true;
}

function allEqual(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/**
 * The mean and its interval, by the method that fits.
 *
 * - Only zeros and ones, every sample its own cluster: Wilson.
 * - Clusters that hold several samples: cluster bootstrap.
 * - Else: bootstrap.
 *
 * Where clustered zeros and ones are all alike the bootstrap has nothing to vary and would claim certainty; Wilson with
 * one trial a cluster is given instead, as if samples of a cluster told nothing beyond the first.
 * @throws RangeError where labels do not match the values or a value is not finite.
 */
export function meanInterval(values: ArrayLike<number>, options: MeanIntervalOptions = {}): MeanInterval {
  const n = values.length;
  const data = clusterSums([values, new Float64Array(n).fill(1)], options.clusters, 'meanInterval');
  const { clusters } = data;
  const clustered = clusters < n;
  if (n === 0) return { mean: null, low: null, high: null, method: 'bootstrap', n, clusters };
  const center = mean(values);
  const binary = options.binary ?? allBinary(values);
  if (binary && !allBinary(values)) throw new RangeError('meanInterval: binary values must be 0 or 1');
  if (binary && (!clustered || (clusters > 1 && allEqual(values)))) {
    return { mean: center, ...wilsonInterval(center * clusters, clusters, options), method: 'wilson', n, clusters };
  }
  const ratio = ([sum, count]: Float64Array): number => (sum as number) / (count as number);
  const { low, high } = bootstrapSums(data, ratio, options);
  return { mean: center, low, high, method: clustered ? 'cluster-bootstrap' : 'bootstrap', n, clusters };
}
