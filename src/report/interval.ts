import type { SampleMeans } from './sample-means.ts';
import type { Interval } from './summary.ts';

/** Stand-in until metrics/statistics lands. */
export function meanFigureInterval(means: SampleMeans): { interval: Interval | null; method: string | null } {
  const n = means.values.length;
  if (n < 2) return { interval: null, method: null };
  const mean = means.values.reduce((a, b) => a + b, 0) / n;
  const z = 1.959963984540054;
  const centre = (mean + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((mean * (1 - mean)) / n + (z * z) / (4 * n * n));
  return { interval: [centre - half, centre + half], method: 'wilson' };
}
