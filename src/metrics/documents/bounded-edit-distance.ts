/**
 * The edit distance (V. Levenshtein 1966) of two texts by code points, as far as `limit`: undefined where it is greater.
 * Only the band of the table that can stay within the limit is filled (E. Ukkonen, Information and Control 64, 1985), so
 * the cost is the length times the limit, and texts that differ early and often end early.
 */
export function boundedEditDistance(first: string, second: string, limit: number): number | undefined {
  if (first === second) return limit < 0 ? undefined : 0;
  let a = codePoints(first);
  let b = codePoints(second);
  if (a.length > b.length) [a, b] = [b, a];
  if (!(b.length - a.length <= limit)) return undefined;
  let start = 0;
  let endA = a.length;
  let endB = b.length;
  while (start < endA && a[start] === b[start]) start++;
  while (endA > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const width = endA - start;
  const height = endB - start;
  if (width === 0) return height;
  const bound = Math.min(Math.floor(limit), height);
  const over = bound + 1;
  // row[i]: distance of the first i of `a` to the first j of `b`; outside of the band it is above the bound.
  const row = new Int32Array(width + 1);
  for (let i = 0; i <= width; i++) row[i] = i <= bound ? i : over;
  for (let j = 1; j <= height; j++) {
    const from = Math.max(1, j - bound);
    const to = Math.min(width, j + bound);
    const item = b[start + j - 1];
    let diagonal = row[from - 1] as number;
    row[from - 1] = from === 1 ? Math.min(j, over) : over;
    let least = row[from - 1] as number;
    for (let i = from; i <= to; i++) {
      const above = row[i] as number;
      const substituted = a[start + i - 1] === item ? diagonal : diagonal + 1;
      const value = Math.min(substituted, above + 1, (row[i - 1] as number) + 1, over);
      row[i] = value;
      if (value < least) least = value;
      diagonal = above;
    }
    if (to < width) row[to + 1] = over;
    if (least > bound) return undefined;
  }
  const distance = row[width] as number;
  return distance <= bound ? distance : undefined;
}

const surrogate = /[\ud800-\udfff]/;

/** Length as Python and readers count it. */
export function codePointLength(text: string): number {
  return surrogate.test(text) ? [...text].length : text.length;
}

function codePoints(text: string): Uint32Array {
  if (surrogate.test(text)) return Uint32Array.from(text, (character) => character.codePointAt(0) as number);
  const codes = new Uint32Array(text.length);
  for (let i = 0; i < text.length; i++) codes[i] = text.charCodeAt(i);
  return codes;
}
