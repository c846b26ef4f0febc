import { decimalValue } from '../python/numeric.ts';

const thought = /<(think|thinking|thought|reasoning)>[\s\S]*?<\/\1>/gi;
const thoughtEnd = /<\/(?:think|thinking|thought|reasoning)>/gi;
const thoughtStart = /<(?:think|thinking|thought|reasoning)>/i;
const specialToken = /<\|[^|<>\n]{1,40}\|>|<\/?s>/g;

/**
 * A reply without what is not meant for the reader: thoughts between tags (also where the opening tag was part of the
 * template, or the closing one was never written) and special tokens that a server let through.
 */
export function withoutThoughts(reply: string): string {
  let text = reply.includes('<') ? reply.replace(thought, '') : reply;
  let end = -1;
  for (const match of text.matchAll(thoughtEnd)) end = match.index + match[0].length;
  if (end >= 0) text = text.slice(end);
  const start = text.search(thoughtStart);
  if (start >= 0) text = text.slice(0, start);
  return text.replace(specialToken, '');
}

const invisible = /[\u200b-\u200d\u2060\ufeff]/g;
const wide = /[^\x00-\x7f]/gu; // oxlint-disable-line no-control-regex
const emphasis = /\*+|`+|_{2,}/g;
const boxed = /\\boxed\s*\{\s*(?:\\text\s*\{)?\s*([^{}]{1,200}?)\s*\}?\s*\}/g;
const inlineMath = /\$\s*(\w{1,3})\s*\$|\\\(\s*(\w{1,3})\s*\\\)/g;

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
