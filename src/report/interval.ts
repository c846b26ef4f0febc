import { meanInterval } from '../metrics/index.ts';
import type { SampleMeans } from './sample-means.ts';
import type { Interval } from './summary.ts';

const names = { wilson: 'Wilson', bootstrap: 'bootstrap', 'cluster-bootstrap': 'cluster bootstrap' } as const;

/** The interval of a task's mean by the method that fits its values; null for a single sample or cluster. */
export function meanFigureInterval(
  means: SampleMeans,
  seed: string,
): { readonly interval: Interval | null; readonly method: string | null } {
  const { values, units, clustered } = means;
  const resamples = values.length > 1000 ? 1000 : 2000;
  const { low, high, method } = meanInterval(values, { seed, resamples, ...(clustered && { clusters: units }) });
  if (low === null || high === null) return { interval: null, method: null };
  return { interval: [low, high], method: names[method] };
}
