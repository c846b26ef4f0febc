import {
  type Normalized,
  normalizeReference,
  readOpenReference,
  referenceNumbers,
} from '../../../metrics/mmmu/index.ts';
import type { Driver } from './parse-choice.ts';

/**
 * What a gold answer or a text of a reply is compared as. Unlike in MultiChartQA's copy of the code, a single letter gives
 * two variants, with a space before and after, so that it is not found within words.
 */
export function normalizeAnswer(text: string): Normalized[] {
  const value = normalizeReference(text);
  return typeof value === 'string' && [...value].length === 1 ? [` ${value}`, `${value} `] : [value];
}

/** What the released reader takes from a reply: tails after cue words in every line, and all numbers in them. */
export function parseOpen(reply: string): Normalized[] {
  const { keyTexts } = readOpenReference(reply);
  return [...new Set([...keyTexts, ...keyTexts.flatMap(referenceNumbers)].flatMap(normalizeAnswer))];
}

/**
 * The released verdict on an open question: a text answer within any text that was read, or a number equal to one.
 * An empty list of answers is met by "unanswerable" with the LLaVA driver, by nothing with the Idefics2 driver.
 */
export function openIsRight(golds: string | readonly string[], read: readonly Normalized[], driver: Driver): boolean {
  const wanted = typeof golds === 'string' ? normalizeAnswer(golds) : golds.flatMap(normalizeAnswer);
  if (wanted.length === 0) return driver === 'llava' && read.includes('unanswerable');
  return read.some((found) =>
    // `includes` would find NaN, which Python's float does not equal.
    typeof found === 'number'
      ? wanted.some((gold) => gold === found)
      : wanted.some((gold) => typeof gold === 'string' && found.includes(gold)),
  );
}
