function topOf<T>(ranked: readonly T[], k: number, name: string): Set<T> {
  if (!(Number.isInteger(k) && k > 0)) throw new RangeError(`${name}: k ${k} is not a positive integer`);
  return new Set(ranked.slice(0, k));
}

/**
 * Share of the gold items among the first `k` predicted ones: Shopping MMLU's "hit rate@k", elsewhere "recall@k".
 * Repeats in the prediction use up ranks; repeats in the gold count once.
 * @returns null without gold items. @throws RangeError where `k` is not a positive integer.
 */
export function hitRate<T>(ranked: readonly T[], gold: Iterable<T>, k: number): number | null {
  const top = topOf(ranked, k, 'hitRate');
  const wanted = new Set(gold);
  if (wanted.size === 0) return null;
  return wanted.intersection(top).size / wanted.size;
}

/** 1 where any gold item is among the first `k` predicted ones (retrieval "R@k", "hit@k"), else 0. Null without gold. */
export function hitAt<T>(ranked: readonly T[], gold: Iterable<T>, k: number): 0 | 1 | null {
  const top = topOf(ranked, k, 'hitAt');
  const wanted = new Set(gold);
  if (wanted.size === 0) return null;
  return wanted.isDisjointFrom(top) ? 0 : 1;
}

/** 1 / rank of the first gold item, rank from 1; 0 where none was predicted. Null without gold. */
export function reciprocalRank<T>(ranked: readonly T[], gold: Iterable<T>): number | null {
  const wanted = new Set(gold);
  if (wanted.size === 0) return null;
  const index = ranked.findIndex((item) => wanted.has(item));
  return index < 0 ? 0 : 1 / (index + 1);
}
