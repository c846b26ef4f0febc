import { decimalZeros } from './numeric-tables.ts';

/** Python's `\d` for texts, as a character class of a regular expression with the flag `u`. */
export const pythonDigitClass = `[${decimalZeros
  .split(' ')
  .map((zero) => `\\u{${zero}}-\\u{${(Number.parseInt(zero, 16) + 9).toString(16)}}`)
  .join('')}]`;

/** Python's `\w` for texts, likewise. Combining marks are no part of it. */
export const pythonWordClass = '[\\p{L}\\p{N}_]';
