/** A whole number that stands by itself in a text. */
export interface StandaloneNumber {
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

const token = /\d+(?:[.,]\d+)*/g;
const negation =
  /(?:\bnot\b|n't\b|\bnever\b|\bneither\b|\bexcept\b|\bnicht\b|\bkein\w*|\bno\b|\bnunca\b|\bpas\b|\bjamais\b|\bnon\b)[^.!?\n]{0,24}$/i;

/**
 * Whole numbers that are not part of something else: of a word or model name (`X2`, `2nd`), a decimal, a range, a
 * fraction, a time, an amount of money, a percentage, a compound (`5-pack`), and not signed or negated ("not 2").
 */
export function standaloneNumbers(text: string): StandaloneNumber[] {
  const found: StandaloneNumber[] = [];
  for (const match of text.matchAll(token)) {
    const start = match.index;
    const end = start + match[0].length;
    if (!/^\d{1,4}$/.test(match[0])) continue;
    const before = text.slice(Math.max(0, start - 40), start);
    const after = text.slice(end, end + 4);
    if (/[\p{L}\p{N}_$€£¥+−]$/u.test(before) || /(?:^|[^\s\p{L}])[-–]$|\d\s?[-–/:.]$/u.test(before)) continue;
    if (/^-$/.test(before.slice(-1)) && !/\p{L}\s?-$/u.test(before)) continue;
    if (
      /^(?:(?!で|が|番|は)[\p{L}\p{N}_%°"”″€£¥]|\s?%|[-–/:]\d|-\p{L})/u.test(after) &&
      !/^["”](?:\s|[.,;:!?]|$)/u.test(after)
    )
      continue;
    if (negation.test(before)) continue;
    found.push({ value: Number(match[0]), start, end });
  }
  return found;
}
