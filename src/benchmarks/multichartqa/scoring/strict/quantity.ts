import { findNumbers, type FoundNumber } from '../../../../metrics/index.ts';

/** A number with the values that its writing may stand for. */
export interface Quantity {
  readonly raw: string;
  readonly value: number;
  /** More than one where a letter may be a scale or a unit: "12m" is 12 or 12 million. */
  readonly values: readonly number[];
  /** What the digits say, a scale left out: 41.3 for "41.3M". */
  readonly written: number;
  readonly percent: boolean;
  readonly currency: string | undefined;
  readonly unit: string | undefined;
  /** Written as a whole number: no decimals, no grouping, no sign, scale, percent or currency. */
  readonly bare: boolean;
  readonly index: number;
}

const scales: ReadonlyMap<string, number> = new Map([
  ['m', 1e6],
  ['mm', 1e6],
  ['mil', 1e6],
  ['b', 1e9],
  ['bil', 1e9],
  ['t', 1e12],
  ['g', 1e9],
]);

const numberWords = [
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen',
  'eighteen nineteen twenty',
]
  .join(' ')
  .split(' ');

const ordinals = [
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth',
  'fifteenth sixteenth seventeenth eighteenth nineteenth twentieth',
]
  .join(' ')
  .split(' ');

/** The ranks that a text names, each once: "first", "2nd", "chart 3", "#3", "No. 3". */
export function readRanks(text: string): number[] {
  const ranks = new Set<number>();
  for (const [word] of text.matchAll(/(?<![\p{L}\p{N}])(?:\d{1,4}(?:st|nd|rd|th)|\p{L}{5,12})(?![\p{L}\p{N}])/giu)) {
    const rank = ordinals.indexOf(word.toLowerCase());
    if (rank > 0) ranks.add(rank);
    else if (/^\d/.test(word)) ranks.add(Number.parseInt(word, 10));
  }
  for (const [, digits] of text.matchAll(
    /(?:#|(?<!\p{L})(?:chart|rank|no\.?|number)\s)\s*(\d{1,4})(?![\p{L}\p{N}.,%])/giu,
  )) {
    ranks.add(Number(digits));
  }
  return [...ranks];
}

/** The number that a word names: "three", "third", "3rd". */
export function numberOfWord(word: string, withOrdinals = true): number | undefined {
  const lower = word.toLowerCase();
  const digits = /^(\d{1,4})(?:st|nd|rd|th)$/.exec(lower)?.[1];
  if (digits !== undefined) return Number(digits);
  const at = Math.max(numberWords.indexOf(lower), withOrdinals ? ordinals.indexOf(lower) : -1);
  return at < 0 ? undefined : at;
}

function quantityOf(found: FoundNumber): Quantity {
  const { raw, value, percent, currency, unit, index } = found;
  const scale = scales.get(unit?.toLowerCase() ?? '');
  // "12M" is twelve million; a small letter is as often a unit.
  const certain = scale !== undefined && /^(?:[MBT]|[mb]il)$/.test(unit ?? '') && !/\s/.test(raw);
  const values = scale === undefined ? [value] : certain ? [value * scale] : [value, value * scale];
  return {
    raw,
    value: values[0] as number,
    values,
    written: Math.sign(value) * Number(/\d[\d,]*(?:\.\d+)?|\.\d+/.exec(raw)?.[0].replaceAll(',', '') ?? value),
    percent,
    currency: currency === 'US$' || currency === 'USD' ? '$' : currency,
    unit: certain ? undefined : unit,
    bare: /^\d+$/.test(raw),
    index,
  };
}

/**
 * A text as `readQuantities` reads it, so that indexes fit: powers of ten, numbers as words, spaces as thousands signs,
 * without bounds of error and rates ("per 100,000").
 */
export function writtenNumbers(text: string): string {
  const short = text.trim().split(/\s+/).length <= 3;
  return text
    .replace(/(?<=\d)\s*(?:±\s*[\d.]+|\^\{?\+[\d.]+\}?\s*_\{?-[\d.]+\}?|_\{?-[\d.]+\}?\s*\^\{?\+[\d.]+\}?)/g, '')
    .replace(/(?<=\d)\s*[x×]\s*(?=\d)(?!10\s*\^)/gi, ' by ')
    .replace(/(?<![\d.×x*^])10\^\(?(-?\d{1,3})\)?/g, '1e$1')
    .replace(
      /^(\D*)(\d{1,3}(?: \d{3})+)(?=\D*$)/,
      (_, before: string, digits: string) => before + digits.replaceAll(' ', ''),
    )
    .replace(/\sper\s+(?:\d[\d,.]*\s*(?:k|m|thousand|million)?|capita|person|year|day)(?![\p{L}\p{N}])/giu, '')
    .replace(
      /\d{1,4}(?:st|nd|rd|th)(?!\p{L})|(?<![\p{L}\p{N}-])\p{L}{3,12}(?![\p{L}\p{N}]|-\p{L})/giu,
      (word) => numberOfWord(word, short)?.toString() ?? word,
    );
}

/** Every number in a text that `writtenNumbers` has given. */
export function readQuantities(text: string): Quantity[] {
  return findNumbers(text).map(quantityOf);
}
