import { mean, studentInterval, wilsonInterval } from '../../metrics/index.ts';
import type { Interval } from '../summary.ts';

/** One number of one concept and seed. */
export interface SeedValue {
  readonly concept: string;
  readonly seed: number;
  readonly value: number;
  /** Test items behind the value, where it is a proportion. */
  readonly items?: number | undefined;
}

export interface SeedFigure {
  /** Mean over seeds of the means over concepts. */
  readonly mean: number;
  /** 95 %. Null where nothing can be said: one seed, or seeds all alike, of a figure that is no proportion. */
  readonly interval: Interval | null;
  /** `student`: over seeds. `wilson`: over the test items of one seed, where seeds do not differ or there is one. */
  readonly method: 'student' | 'wilson' | null;
  readonly seeds: number;
  readonly concepts: number;
  readonly values: readonly SeedValue[];
}

/**
 * The mean of a figure over seeds and concepts with its interval: Student's t over the seed means, n = number of seeds.
 * Seeds that all give the same proportion, or a single seed, would make that interval empty or void: then Wilson's
 * interval over the test items of one seed stands instead. `range` cuts the interval to what the figure can be.
 * Null without values.
 */
export function seedFigure(values: readonly SeedValue[], range: Interval = [-Infinity, Infinity]): SeedFigure | null {
  if (values.length === 0) return null;
  const seeds = [...Map.groupBy(values, ({ seed }) => seed).values()];
  const seedMeans = seeds.map((group) => mean(group.map(({ value }) => value)));
  const center = mean(seedMeans);
  const base = {
    mean: center,
    seeds: seeds.length,
    concepts: new Set(values.map(({ concept }) => concept)).size,
    values,
  };
  const differ = seedMeans.some((value) => Math.abs(value - (seedMeans[0] as number)) > 1e-12);
  const found = differ ? studentInterval(seedMeans) : null;
  if (found !== null) {
    const interval: Interval = [Math.max(range[0], found.low), Math.min(range[1], found.high)];
    return { ...base, interval, method: 'student' };
  }
  const items = itemsOfOneSeed(values, seeds.length);
  if (items === null || center < 0 || center > 1) return { ...base, interval: null, method: null };
  const { low, high } = wilsonInterval(Math.min(items, center * items), items);
  return { ...base, interval: [low, high], method: 'wilson' };
}

/** Mean number of test items of a seed over all its concepts; null where one value is no proportion. */
function itemsOfOneSeed(values: readonly SeedValue[], seeds: number): number | null {
  let total = 0;
  for (const { items } of values) {
    if (items === undefined || items <= 0) return null;
    total += items;
  }
  return total / seeds;
}
