import { decimalZeros, numericRanges } from './numeric-tables.ts';

let numericStarts: Int32Array | undefined;
let numericEnds: Int32Array | undefined;

function unpack(): void {
  let end = 0;
  const pairs = numericRanges.split(' ').map((part) => {
    const [gap = '0', more = '0'] = part.split('+');
    const start = end + Number.parseInt(gap, 36);
    end = start + Number.parseInt(more, 36);
    return [start, end] as const;
  });
  numericStarts = Int32Array.from(pairs, ([start]) => start);
  numericEnds = Int32Array.from(pairs, ([, last]) => last);
}

/** Python's `str.isnumeric` of one character: digits of any script, "½", "²", "Ⅷ", "三". */
export function isNumeric(character: string): boolean {
  const code = character.codePointAt(0);
  if (code === undefined) return false;
  if (code < 0x80) return code >= 48 && code <= 57;
  if (numericStarts === undefined) unpack();
  const starts = numericStarts as Int32Array;
  let low = 0;
  let high = starts.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) > code) high = middle - 1;
    else low = middle + 1;
  }
  return high >= 0 && code <= ((numericEnds as Int32Array)[high] as number);
}

/** Python's `str.isalnum` of one character. */
export function isAlphanumeric(character: string): boolean {
  return /^\p{L}$/u.test(character) || isNumeric(character);
}

const zeros = new Set(decimalZeros.split(' ').map((code) => Number.parseInt(code, 16)));

/** The value of a decimal digit of any script, undefined for all other characters. */
export function decimalValue(character: string): number | undefined {
  const code = character.codePointAt(0);
  if (code === undefined) return undefined;
  for (let value = 0; value < 10; value++) if (zeros.has(code - value)) return value;
  return undefined;
}
