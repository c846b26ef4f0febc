import { normalizeText, type NormalizeOptions } from './normalize.ts';

function listOf(targets: string | readonly string[]): readonly string[] {
  return typeof targets === 'string' ? [targets] : targets;
}

/** Whether the answer, normalised, is one of the targets, normalised alike. */
export function exactMatch(
  answer: string,
  targets: string | readonly string[],
  options: NormalizeOptions = {},
): boolean {
  const normalized = normalizeText(answer, options);
  return listOf(targets).some((target) => normalizeText(target, options) === normalized);
}

export interface IncludesOptions extends NormalizeOptions {
  /** Only where no letter or digit stands beside it, so that "female" does not include "male". Default true. */
  readonly wholeWords?: boolean;
}

const wordCharacter = /[\p{L}\p{M}\p{N}_]/u;
/** Scripts that write words without spaces: a neighbouring letter says nothing about where words end. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;

function joins(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined || !wordCharacter.test(a) || !wordCharacter.test(b)) return false;
  return !unspaced.test(a) && !unspaced.test(b);
}

/** Whether the answer contains one of the targets, both normalised. An empty target is in nothing. */
export function includesMatch(
  answer: string,
  targets: string | readonly string[],
  { wholeWords = true, ...options }: IncludesOptions = {},
): boolean {
  const text = normalizeText(answer, options);
  return listOf(targets).some((raw) => {
    const target = normalizeText(raw, options);
    if (target === '') return false;
    for (let at = text.indexOf(target); at >= 0; at = text.indexOf(target, at + 1)) {
      const end = at + target.length;
      if (!wholeWords) return true;
      const before = Array.from(text.slice(Math.max(0, at - 2), at)).at(-1);
      const after = String.fromCodePoint(text.codePointAt(end) ?? 0x20);
      if (!joins(before, [...target][0]) && !joins([...target].at(-1), after)) return true;
    }
    return false;
  });
}
