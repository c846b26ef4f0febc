import { createRandom, type Random } from '../core/index.ts';
import { sortedQuantile } from '../metrics/index.ts';
import type { SampleMeans } from './sample-means.ts';

/** Bootstrap replicates of each figure. The ends of a 95 % interval of it vary by about 3 % of its width. */
export const replicateCount = 2000;

/** From so many units on, the mean's distribution is drawn as normal instead of resampled. */
const normalFrom = 200;

/**
 * Replicates of a task's mean for intervals over several tasks, by the rescaled bootstrap for strata:
 * each task is a stratum, and n-1 of its n units are drawn with replacement, which keeps the variance
 * unbiased also where a task has four questions.
 * Source: Rao & Wu (1988), Resampling inference with complex survey data, JASA 83:231-241, with m = n-1.
 * A task of one unit cannot show how much it varies: its replicates are NaN, and what is made of them has no interval.
 */
export function meanReplicates(means: SampleMeans, seed: string): Float64Array {
  const { unitCount } = means;
  const sums = new Float64Array(unitCount);
  const counts = new Float64Array(unitCount);
  for (let i = 0; i < means.values.length; i++) {
    const unit = means.units[i] as number;
    sums[unit] = (sums[unit] as number) + (means.values[i] as number);
    counts[unit] = (counts[unit] as number) + 1;
  }
  const total = sums.reduce((a, b) => a + b, 0);
  const mean = total / means.values.length;
  const replicates = new Float64Array(replicateCount);
  if (unitCount < 2) return replicates.fill(NaN);
  const random = createRandom(seed);
  if (unitCount >= normalFrom) {
    let squares = 0;
    for (let u = 0; u < unitCount; u++) squares += ((sums[u] as number) - mean * (counts[u] as number)) ** 2;
    const standardError = Math.sqrt((squares * unitCount) / (unitCount - 1)) / means.values.length;
    for (let r = 0; r < replicateCount; r++) replicates[r] = mean + standardError * normal(random);
    return replicates;
  }
  for (let r = 0; r < replicateCount; r++) {
    let sum = 0;
    let count = 0;
    for (let i = 1; i < unitCount; i++) {
      const unit = random.integer(unitCount);
      sum += sums[unit] as number;
      count += counts[unit] as number;
    }
    replicates[r] = sum / count;
  }
  return replicates;
}

/** How many rows all replicates of one aggregate may visit together. */
const visits = 10_000_000;

/**
 * Replicates of a figure that is not a mean (micro F1): its units' rows are drawn and aggregated anew.
 * A replicate without a figure is NaN. Fewer are drawn from very many rows; the array is filled by repeating them.
 */
export function aggregateReplicates(
  rowsOfUnit: readonly (readonly number[])[],
  compute: (rows: readonly number[]) => number | null,
  seed: string,
): Float64Array {
  const replicates = new Float64Array(replicateCount);
  const units = rowsOfUnit.length;
  if (units < 2) return replicates.fill(NaN);
  const random = createRandom(seed);
  const rowCount = rowsOfUnit.reduce((sum, rows) => sum + rows.length, 0);
  const drawn = Math.max(200, Math.min(replicateCount, Math.floor(visits / rowCount)));
  for (let r = 0; r < drawn; r++) {
    const rows: number[] = [];
    for (let i = 1; i < units; i++)
      for (const row of rowsOfUnit[random.integer(units)] as readonly number[]) rows.push(row);
    replicates[r] = compute(rows) ?? NaN;
  }
  for (let r = drawn; r < replicateCount; r++) replicates[r] = replicates[r - drawn] as number;
  return replicates;
}

/** The 2.5 % and 97.5 % quantiles (linear between order statistics), null where too few replicates have a figure. */
export function percentileInterval(replicates: Float64Array): readonly [number, number] | null {
  const sorted = replicates.filter((value) => Number.isFinite(value)).sort();
  if (sorted.length < replicates.length / 2) return null;
  return [sortedQuantile(sorted, 0.025), sortedQuantile(sorted, 0.975)];
}

/** Box & Muller (1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
