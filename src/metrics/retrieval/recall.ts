/**
 * The rank of the best right item of one query: 1 + the number of items that are strictly more similar.
 * Items that tie with it do not push it back.
 * @param right places of the right items; several captions of one image, say.
 * @throws RangeError where no item is right or a place is outside the list.
 */
export function rankOfRight(
  similarities: ArrayLike<number>,
  right: readonly number[],
  from = 0,
  size?: number,
): number {
  const end = from + (size ?? similarities.length - from);
  let best = -Infinity;
  for (const place of right) {
    const value = similarities[from + place];
    if (value === undefined || from + place >= end) throw new RangeError(`rankOfRight: there is no item ${place}`);
    if (value > best) best = value;
  }
  if (right.length === 0) throw new RangeError('rankOfRight: no item is right');
  let rank = 1;
  for (let i = from; i < end; i++) if ((similarities[i] as number) > best) rank++;
  return rank;
}

export interface RetrievalRanksInput {
  /** Places of the right items, one list a query. */
  readonly right: readonly (readonly number[])[];
  readonly gallerySize: number;
  /** Writes the similarities of the queries `from` to `to`, row after row, into `out`. */
  readonly fill: (from: number, to: number, out: Float64Array) => void;
  /** Queries whose similarities are held at once. Default 32. */
  readonly block?: number | undefined;
}

/** The rank of each query as {@link rankOfRight}, a block of queries at a time: the whole matrix is never held. */
export function retrievalRanks({ right, gallerySize, fill, block = 32 }: RetrievalRanksInput): Int32Array {
  if (!(Number.isInteger(block) && block > 0)) throw new RangeError(`retrievalRanks: a block of ${block} queries`);
  const ranks = new Int32Array(right.length);
  const out = new Float64Array(Math.min(block, right.length) * gallerySize);
  for (let from = 0; from < right.length; from += block) {
    const to = Math.min(right.length, from + block);
    fill(from, to, out);
    for (let query = from; query < to; query++) {
      ranks[query] = rankOfRight(out, right[query] as readonly number[], (query - from) * gallerySize, gallerySize);
    }
  }
  return ranks;
}

/** Share of queries with a rank of at most `k`. Null without queries. */
export function recallAt(ranks: ArrayLike<number>, k: number): number | null {
  if (ranks.length === 0) return null;
  let hits = 0;
  for (let i = 0; i < ranks.length; i++) if ((ranks[i] as number) <= k) hits++;
  return hits / ranks.length;
}

/** Place of the greatest value, the lowest place where several tie. -1 for an empty list. */
export function firstGreatest(values: ArrayLike<number>, from = 0, size: number = values.length - from): number {
  if (size === 0) return -1;
  let best = from;
  for (let i = from + 1; i < from + size; i++) if ((values[i] as number) > (values[best] as number)) best = i;
  return best - from;
}
