import { decimalValue } from '../../../metrics/python/index.ts';

export { withoutThoughts } from '../../../metrics/index.ts';

const invisible = /[\u200b-\u200d\u2060\ufeff]/g;
const wide = /[^\x00-\x7f]/gu; // oxlint-disable-line no-control-regex
const emphasis = /\*+|`+|_{2,}/g;
const boxed = /\\boxed\s{0,4}\{\s{0,4}(?:\\text\s{0,4}\{)?([^{}]{1,200})\}?\s{0,4}\}/g;
const inlineMath = /\$\s{0,4}(\w{1,3})\s{0,4}\$|\\\(\s{0,4}(\w{1,3})\s{0,4}\\\)/g;

/**
 * The same reply for reading numbers and letters: digits of all scripts and full-width signs in ASCII, markdown's
 * emphasis taken off, `\boxed{2}` written as a final answer. Superscripts and fractions stay what they are.
 */
export function plainSigns(reply: string): string {
  return reply
    .replace(invisible, '')
    .replace(wide, (character) => {
      const value = decimalValue(character);
      if (value !== undefined) return String(value);
      const code = character.codePointAt(0) as number;
      if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
      return /\s/u.test(character) ? (code === 0x2028 || code === 0x2029 ? '\n' : ' ') : character;
    })
    .replace(boxed, ' Final answer: $1. ')
    .replace(emphasis, '')
    .replace(inlineMath, '$1$2')
    .replace(/\r\n?/g, '\n');
}
