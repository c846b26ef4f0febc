import type { Score } from '../../../../core/index.ts';
import { pythonFloatText, pythonStrip } from '../../../../metrics/python/index.ts';
import type { ChartTarget } from '../target.ts';
import { type ReferenceLetter, readChoiceReference } from './choice-reading.ts';
import { type Normalized, normalizeReference, readOpenReference } from '../../../../metrics/mmmu/index.ts';
import { relaxedCorrectness, relaxedTolerance } from './relaxed-correctness.ts';

/**
 * The released scorer's verdict as far as the reply alone decides it. A choice reply without a letter has no value yet:
 * `settleReference` draws the letter, in the order of the whole benchmark.
 */
export function scoreReference(reply: string, target: ChartTarget): Score {
  return target.type === 'multiple-choice' ? scoreChoice(reply, target.answer) : scoreOpen(reply, target.answer);
}

export const undrawnReason = 'no letter found: the reference draws one at random, over the whole benchmark';

function scoreChoice(reply: string, answer: string): Score {
  const { letter, rule } = readChoiceReference(reply);
  if (letter === null) return { value: null, parsed: false, reason: undrawnReason, metadata: { fallback: true } };
  return {
    value: choiceCredit(letter, answer),
    parsed: true,
    answer: letter,
    explanation: `letter ${letter} (${rule}); gold ${answer}`,
  };
}

/** Share of the gold letters that the letter equals. A repeated gold letter is only credited once, as released. */
export function choiceCredit(letter: ReferenceLetter, answer: string): number {
  const golds = answer.split(';').map(pythonStrip);
  return (golds.includes(letter) ? 1 : 0) / golds.length;
}

/** `relaxedCorrectness` of the texts of two numbers: floats come back from their texts as they were. */
function numbersMatch(gold: number, prediction: number): boolean {
  if (gold === 0) return Object.is(gold, prediction);
  return Math.abs(prediction - gold) / Math.abs(gold) <= relaxedTolerance;
}

interface Match {
  readonly right: boolean;
  readonly with: Normalized | undefined;
}

function matchOf(part: string, predictions: readonly Normalized[]): Match {
  const gold = normalizeReference(part);
  const found = predictions.find((prediction) =>
    typeof prediction === 'string'
      ? typeof gold === 'string' && prediction.includes(gold)
      : typeof gold === 'number'
        ? numbersMatch(gold, prediction)
        : relaxedCorrectness(gold, pythonFloatText(prediction)),
  );
  return { right: found !== undefined, with: found };
}

/** Credit of a reply to an open question: the whole gold first, then the share of its parts that anything matches. */
export function openCredit(answer: string, predictions: readonly Normalized[]): { value: number; parts: string[] } {
  const whole = matchOf(answer, predictions);
  if (whole.right) return { value: 1, parts: [`the whole gold "${answer}": found in ${shown(whole.with)}`] };
  const golds = answer.split(';').map(pythonStrip);
  const matches = golds.map((part) => matchOf(part, predictions));
  return {
    value: matches.filter(({ right }) => right).length / golds.length,
    parts: golds.map((part, i) => {
      const match = matches[i] as Match;
      return match.right ? `"${part}": found in ${shown(match.with)}` : `"${part}": not found`;
    }),
  };
}

function scoreOpen(reply: string, answer: string): Score {
  const { keyTexts, predictions } = readOpenReference(reply);
  const { value, parts } = openCredit(answer, predictions);
  const numbers = predictions.filter((prediction) => typeof prediction === 'number').map(pythonFloatText);
  return {
    value,
    parsed: true,
    answer: keyTexts.at(-1) ?? '',
    explanation: [
      `key text ${keyTexts.map((text) => JSON.stringify(text)).join(', ')}`,
      `numbers ${numbers.length === 0 ? 'none' : numbers.join(', ')}`,
      ...parts,
    ].join('; '),
  };
}

function shown(value: Normalized | undefined): string {
  return typeof value === 'number' ? pythonFloatText(value) : JSON.stringify(value);
}
