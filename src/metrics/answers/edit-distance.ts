/**
 * Fewest insertions, deletions and substitutions that turn one sequence into the other (V. Levenshtein 1966). Texts are
 * compared by code points; lists by their items, so lists of words give the numerator of the word error rate.
 */
export function editDistance<T>(first: string | readonly T[], second: string | readonly T[]): number {
  const codes = new Map<unknown, number>();
  const [a, b] =
    typeof first === 'string' && typeof second === 'string'
      ? [codePoints(first), codePoints(second)]
      : [codesOf(first, codes), codesOf(second, codes)];
  // No two sequences are further apart than the longer one is long.
  return distanceWithin(a, b, Number.POSITIVE_INFINITY) as number;
}

/** 1 - distance / length of the longer; 1 for two empty ones. */
export function editSimilarity<T>(first: string | readonly T[], second: string | readonly T[]): number {
  const longest = Math.max(
    typeof first === 'string' ? codePointLength(first) : first.length,
    typeof second === 'string' ? codePointLength(second) : second.length,
  );
  return longest === 0 ? 1 : 1 - editDistance(first, second) / longest;
}

/** The edit distance of two texts by code points, as far as `limit`: undefined where it is greater. */
export function boundedEditDistance(first: string, second: string, limit: number): number | undefined {
  if (first === second) return limit < 0 ? undefined : 0;
  return distanceWithin(codePoints(first), codePoints(second), limit);
}

/** Equal numbers for equal items, over all lists that share `codes`. */
function codesOf(sequence: Iterable<unknown>, codes: Map<unknown, number>): Uint32Array {
  return Uint32Array.from([...sequence], (item) => {
    const code = codes.get(item) ?? codes.size;
    codes.set(item, code);
    return code;
  });
}

/**
 * What both begin and end with is left out. Where the rest of the shorter one has at most 32 items, a whole column of the
 * table is one machine word (G. Myers, JACM 46, 1999, in H. Hyyrö's form, 2003); else the band is filled that can stay
 * within the limit (E. Ukkonen, Information and Control 64, 1985). Both end as soon as the limit is out of reach.
 */
function distanceWithin(a: Uint32Array, b: Uint32Array, limit: number): number | undefined {
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
  if (endA === start) return endB - start;
  const shorter = a.subarray(start, endA);
  const longer = b.subarray(start, endB);
  const bound = Math.min(Math.floor(limit), longer.length);
  return shorter.length <= 32 ? byWords(shorter, longer, bound) : byBand(shorter, longer, bound);
}

/** Places of each character in the pattern, as bits; empty between calls. Characters beyond the first plane are in `far`. */
const near = new Uint32Array(0x10000);
const far = new Map<number, number>();

function byWords(pattern: Uint32Array, text: Uint32Array, bound: number): number | undefined {
  for (let i = 0; i < pattern.length; i++) {
    const code = pattern[i] as number;
    if (code < 0x10000) near[code] = (near[code] as number) | (1 << i);
    else far.set(code, (far.get(code) ?? 0) | (1 << i));
  }
  const last = 1 << (pattern.length - 1);
  let rises = -1;
  let falls = 0;
  let distance = pattern.length;
  for (let j = 0; j < text.length; j++) {
    const code = text[j] as number;
    const equal = code < 0x10000 ? (near[code] as number) : (far.get(code) ?? 0);
    const vertical = equal | falls;
    const horizontal = (((equal & rises) + rises) ^ rises) | equal;
    let up = falls | ~(horizontal | rises);
    let down = rises & horizontal;
    if ((up & last) !== 0) distance++;
    if ((down & last) !== 0) distance--;
    // Each further character can take off one at most.
    if (distance - (text.length - 1 - j) > bound) break;
    up = (up << 1) | 1;
    down <<= 1;
    rises = down | ~(vertical | up);
    falls = up & vertical;
  }
  for (const code of pattern) if (code < 0x10000) near[code] = 0;
  far.clear();
  return distance <= bound ? distance : undefined;
}

function byBand(a: Uint32Array, b: Uint32Array, bound: number): number | undefined {
  const width = a.length;
  const over = bound + 1;
  // row[i]: distance of the first i of `a` to the first j of `b`; outside of the band it is above the bound.
  const row = new Int32Array(width + 1);
  for (let i = 0; i <= width; i++) row[i] = i <= bound ? i : over;
  for (let j = 1; j <= b.length; j++) {
    const from = Math.max(1, j - bound);
    const to = Math.min(width, j + bound);
    const item = b[j - 1];
    let diagonal = row[from - 1] as number;
    row[from - 1] = from === 1 ? Math.min(j, over) : over;
    let least = row[from - 1] as number;
    for (let i = from; i <= to; i++) {
      const above = row[i] as number;
      const substituted = a[i - 1] === item ? diagonal : diagonal + 1;
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
