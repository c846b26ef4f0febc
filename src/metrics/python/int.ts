import { decimalValue } from './numeric.ts';

/** White space beyond ASCII that Python's number parsers take for a space. */
const wideSpace = /[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/g;
const beyondAscii = /[^\x00-\x7f]/; // oxlint-disable-line no-control-regex
const wideDigit = /[^\x00-\x7f]/gu; // oxlint-disable-line no-control-regex
const integer = /^[+-]?[0-9]+(?:_[0-9]+)*$/;

/** CPython refuses longer ones (sys.int_info.default_max_str_digits). */
const maxDigits = 4300;

/**
 * A text as Python's `int()` and `float()` see it before they read it:
 * decimal digits of all scripts become ASCII, white space beyond ASCII a space, and the ends are stripped.
 * U+001C-U+001F stay, although `str.isspace` accepts them: `int('\x1c3')` is an error.
 */
export function plainNumberText(text: string): string {
  if (!beyondAscii.test(text)) return trimAsciiSpace(text);
  return trimAsciiSpace(
    text.replace(wideSpace, ' ').replace(wideDigit, (character) => String(decimalValue(character) ?? character)),
  );
}

/** What C's `isspace` accepts. */
const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

function trimAsciiSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/**
 * Python's `int(text)`, undefined where it raises ValueError.
 * Signs, leading zeros, single underscores between digits, white space at the ends and digits of any script are read.
 * Integers beyond ±2^53 come as the nearest double: here they are only ever compared with small ones.
 */
export function pythonInt(text: string): number | undefined {
  const plain = plainNumberText(text);
  if (!integer.test(plain)) return undefined;
  const digits = plain.replaceAll('_', '');
  if (digits.replace(/^[+-]/, '').length > maxDigits) return undefined;
  const value = Number(digits);
  return value === 0 ? 0 : value;
}
