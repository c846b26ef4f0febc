/** How much a relevance counts: `2^rel - 1` (Burges et al. 2005) or `rel` (Järvelin and Kekäläinen 2002). */
export type GainFunction = 'exponential' | 'linear';

/**
 * Discounted cumulative gain of relevances in ranked order: sum of gain(relevance) / log2(rank + 1), rank from 1.
 */
export function dcg(relevances: readonly number[], { gain = 'exponential' }: { gain?: GainFunction } = {}): number {
  let sum = 0;
  for (let i = 0; i < relevances.length; i++) {
    const relevance = relevances[i] as number;
    sum += (gain === 'exponential' ? 2 ** relevance - 1 : relevance) / Math.log2(i + 2);
  }
  return sum;
}

export interface NdcgOptions {
  readonly gain?: GainFunction;
  /** Ranks that count; all where absent. */
  readonly k?: number;
}

/**
 * Normalised DCG of an order over items.
 *
 * `order` holds positions in `gains` from 0, best first. A repeat and a position outside the items are dropped and
 * those behind move up; a short order is padded with nothing, so the value is never above 1.
 * @returns null where every relevance is zero (there is no ideal to compare with).
 * @throws RangeError for a negative or non-finite relevance, or a `k` that is not a positive integer.
 */
export function ndcg(
  order: readonly number[],
  gains: readonly number[],
  { gain = 'exponential', k = gains.length }: NdcgOptions = {},
): number | null {
  for (const relevance of gains) {
    if (!(relevance >= 0 && relevance < Infinity)) throw new RangeError(`ndcg: relevance ${relevance} is not >= 0`);
  }
  if (gains.length > 0 && !(Number.isInteger(k) && k > 0))
    throw new RangeError(`ndcg: k ${k} is not a positive integer`);
  const ideal = dcg([...gains].sort((a, b) => b - a).slice(0, k), { gain });
  if (ideal === 0) return null;
  const ranked: number[] = [];
  for (const position of new Set(order)) {
    if (ranked.length === k) break;
    const relevance = gains[position];
    if (relevance !== undefined) ranked.push(relevance);
  }
  return Math.min(1, dcg(ranked, { gain }) / ideal);
}
