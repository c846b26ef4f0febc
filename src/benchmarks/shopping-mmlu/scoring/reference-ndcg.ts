/** A number, NaN included, or the exception that the reference dies of. */
export type ReferenceNdcg = number | 'IndexError';

/**
 * NDCG as all three released scorers compute it: gains 2^weight - 1 over log2(rank + 1), divided by those of the
 * ideal order of all weights. Numbers count from 1; repeats count again; 0 and negative numbers count from the end,
 * as Python's lists do; numbers above the candidates gain nothing. Weights that are all zero give NaN.
 */
export function referenceNdcg(ranked: readonly number[], weights: readonly number[]): ReferenceNdcg {
  let gained = 0;
  for (const [i, number] of ranked.entries()) {
    const index = number - 1;
    if (index < -weights.length) return 'IndexError';
    const weight = index >= weights.length ? 0 : (weights.at(index) as number);
    gained += gain(weight, i);
  }
  const ideal = weights.toSorted((a, b) => b - a).reduce((sum, weight, i) => sum + gain(weight, i), 0);
  return gained / ideal;
}

const gain = (weight: number, index: number): number => (2 ** weight - 1) / Math.log2(index + 2);
