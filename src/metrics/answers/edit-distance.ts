/**
 * Fewest insertions, deletions and substitutions that turn one sequence into the other (V. Levenshtein 1966). Texts are
 * compared by code points; lists by `===`, so lists of words give the numerator of the word error rate.
 */
export function editDistance<T>(first: string | readonly T[], second: string | readonly T[]): number {
  let a: readonly unknown[] = typeof first === 'string' ? [...first] : first;
  let b: readonly unknown[] = typeof second === 'string' ? [...second] : second;
  if (a.length > b.length) [a, b] = [b, a];
  let start = 0;
  let endA = a.length;
  let endB = b.length;
  while (start < endA && a[start] === b[start]) start++;
  while (endA > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const width = endA - start;
  const row = Uint32Array.from({ length: width + 1 }, (_, i) => i);
  for (let j = start; j < endB; j++) {
    const item = b[j];
    let diagonal = row[0] as number;
    row[0] = j - start + 1;
    for (let i = 1; i <= width; i++) {
      const above = row[i] as number;
      const substituted = a[start + i - 1] === item ? diagonal : diagonal + 1;
      row[i] = Math.min(substituted, above + 1, (row[i - 1] as number) + 1);
      diagonal = above;
    }
  }
  return row[width] as number;
}

/** 1 - distance / length of the longer; 1 for two empty ones. */
export function editSimilarity<T>(first: string | readonly T[], second: string | readonly T[]): number {
  const longest = Math.max(
    typeof first === 'string' ? [...first].length : first.length,
    typeof second === 'string' ? [...second].length : second.length,
  );
  return longest === 0 ? 1 : 1 - editDistance(first, second) / longest;
}
