import { isPythonSpace } from '../python/white-space.ts';

const space = 1;
const digit = 2;
const pointOrComma = 3;
const symbol = 4;
const dash = 5;

/** What the tokenizer makes of each ASCII character; others are word characters or space. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  if (isPythonSpace(code)) return space;
  if (code >= 48 && code <= 57) return digit;
  if (code === 44 || code === 46) return pointOrComma;
  if (code === 45) return dash;
  const isSymbol =
    (code >= 33 && code <= 38) ||
    (code >= 40 && code <= 43) ||
    code === 47 ||
    (code >= 58 && code <= 64) ||
    (code >= 91 && code <= 96) ||
    (code >= 123 && code <= 126);
  return isSymbol ? symbol : 0;
});

function kindOf(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code < 128) return kinds[code] as number;
  return isPythonSpace(code) ? space : 0;
}

/**
 * The language-dependent part of NIST's mteval-v13a in one pass: ASCII symbols stand alone; so does a point or comma that
 * follows no digit or is followed by none, and a hyphen after a digit. The script makes four replacements one after the
 * other, each from left to right without overlap; in a run of points after a letter the second is therefore not seen.
 *
 * @param bounded whether the text counts as having a space at both ends, as 13a adds; without, a point that begins the text
 *   follows nothing and one that ends it is followed by nothing.
 */
export function splitWestern(text: string, bounded: boolean): string[] {
  const tokens: string[] = [];
  const { length } = text;
  let start = -1;
  let before = space;
  /** Whether the character before is a point or comma that the script's second replacement has used up. */
  let used = !bounded;
  for (let i = 0; i < length; i++) {
    const kind = kindOf(text, i);
    let alone = kind === symbol;
    let taken = false;
    if (kind === pointOrComma) {
      taken = before !== digit && !used;
      alone = taken || (i + 1 < length ? kindOf(text, i + 1) !== digit : bounded);
    } else if (kind === dash) alone = before === digit;
    if (alone || kind === space) {
      if (start >= 0) tokens.push(text.slice(start, i));
      if (alone) tokens.push(text[i] as string);
      start = -1;
    } else if (start < 0) start = i;
    before = kind;
    used = taken;
  }
  if (start >= 0) tokens.push(text.slice(start));
  return tokens;
}
