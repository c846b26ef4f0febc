import { requireSameLength } from './mean.ts';

export type MeasurementLevel = 'nominal' | 'ordinal' | 'interval' | 'ratio';
export type Rating = string | number | null | undefined;

function ordered(ratings: readonly (readonly Rating[])[], level: MeasurementLevel): (string | number)[] {
  const found = new Set<string | number>();
  for (const row of ratings) for (const rating of row) if (rating !== null && rating !== undefined) found.add(rating);
  const values = [...found];
  if (level !== 'nominal' && values.some((value) => typeof value !== 'number')) {
    throw new TypeError(`krippendorffAlpha: level "${level}" needs numbers`);
  }
  return level === 'nominal' ? values : values.sort((a, b) => (a as number) - (b as number));
}

/** Squared difference of two values, given by position among the sorted values. */
function differenceFunction(
  level: MeasurementLevel,
  values: readonly (string | number)[],
  totals: Float64Array,
): (i: number, j: number) => number {
  const value = (i: number): number => values[i] as number;
  if (level === 'nominal') return (i, j) => Number(i !== j);
  if (level === 'interval') return (i, j) => (value(i) - value(j)) ** 2;
  if (level === 'ratio') {
    return (i, j) => (value(i) + value(j) === 0 ? 0 : ((value(i) - value(j)) / (value(i) + value(j))) ** 2);
  }
  const below = new Float64Array(totals.length);
  for (let i = 1; i < totals.length; i++) below[i] = (below[i - 1] as number) + (totals[i - 1] as number);
  // Ordinal: how many ratings lie between, counting half of those at both ends.
  const middle = (i: number): number => (below[i] as number) + (totals[i] as number) / 2;
  return (i, j) => (middle(i) - middle(j)) ** 2;
}

/**
 * Krippendorff's alpha: 1 - observed over expected disagreement, for any number of raters, with gaps
 * (K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011).
 *
 * @param ratings one row a rater, one column a unit; null where a rater skipped it.
 * @returns null where fewer than two ratings can be paired or all are the same value.
 * @throws RangeError for rows of different lengths, TypeError for labels that the level cannot order.
 */
export function krippendorffAlpha(
  ratings: readonly (readonly Rating[])[],
  { level = 'nominal' }: { level?: MeasurementLevel } = {},
): number | null {
  const values = ordered(ratings, level);
  const position = new Map(values.map((value, i) => [value, i]));
  const size = values.length;
  const coincidences = new Float64Array(size * size);
  const units = ratings[0]?.length ?? 0;
  for (const row of ratings) requireSameLength(ratings[0] as readonly Rating[], row, 'krippendorffAlpha');
  for (let unit = 0; unit < units; unit++) {
    const given: number[] = [];
    for (const row of ratings) {
      const rating = row[unit];
      if (rating !== null && rating !== undefined) given.push(position.get(rating) as number);
    }
    for (const [a, i] of given.entries()) {
      for (const [b, j] of given.entries()) {
        if (a !== b) coincidences[i * size + j] = (coincidences[i * size + j] as number) + 1 / (given.length - 1);
      }
    }
  }
  const totals = new Float64Array(size);
  for (let i = 0; i < coincidences.length; i++) {
    const at = Math.floor(i / size);
    totals[at] = (totals[at] as number) + (coincidences[i] as number);
  }
  const pairable = totals.reduce((sum, count) => sum + count, 0);
  const difference = differenceFunction(level, values, totals);
  let observed = 0;
  let expected = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const squared = difference(i, j);
      observed += (coincidences[i * size + j] as number) * squared;
      expected += (totals[i] as number) * (totals[j] as number) * squared;
    }
  }
  return expected > 0 ? 1 - ((pairable - 1) * observed) / expected : null;
}
