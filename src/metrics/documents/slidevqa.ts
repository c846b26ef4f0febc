import { wordOverlap } from '../answers/word-overlap.ts';
import { pythonSplit } from '../python/index.ts';

/** Exact match and F1 of words, each 0 to 1. */
export interface MatchAndF1 {
  readonly exact: number;
  readonly f1: number;
}

const numberWords = new Map(
  [
    'zero one two three four five six seven eight nine ten',
    'eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
  ]
    .join(' ')
    .split(' ')
    .map((word, value) => [word, String(value)]),
);

/** What the evaluator takes as saying the same, in its order. They are replaced within words too. */
const replacements: readonly (readonly [string, string])[] = [
  ['this is ', ''],
  ['it is ', ''],
  ['&', ','],
  ['and', ','],
  ['percent', ''],
  ['organisation', 'organization'],
  ['because of', ''],
  ['because', ''],
  ['due to', ''],
  ['hours', 'hrs'],
  ['minites', 'min'],
];

/**
 * Exact match and token F1 of SlideVQA (R. Tanaka et al., AAAI 2023) as its released evaluator computes them, the best over
 * the references: SQuAD's normalisation with further phrases, number words as digits, an answer that begins with yes or no
 * cut to its first word, and the word after "how many" or "which" of the question taken out as a unit.
 * The question is looked at as it is written, so "How many" at its beginning names no unit.
 */
export function slideVqaScore(prediction: string, references: readonly string[], question: string): MatchAndF1 {
  const units = unitsOf(question);
  const predicted = wordsOf(prediction, units);
  let exact = 0;
  let f1 = 0;
  for (const reference of references) {
    const next = compare(predicted, wordsOf(reference, units));
    exact = Math.max(exact, next.exact);
    f1 = Math.max(f1, next.f1);
  }
  return { exact, f1 };
}

function compare(predicted: readonly string[], expected: readonly string[]): MatchAndF1 {
  const { f1 } = wordOverlap(predicted, expected);
  const same = predicted.length === expected.length && predicted.every((word, i) => word === expected[i]);
  return { exact: same && f1 > 0 ? 1 : 0, f1 };
}

function unitsOf(question: string): string[] {
  return ['how many', 'which'].flatMap((phrase) => {
    const at = question.indexOf(phrase);
    return at < 0 ? [] : (pythonSplit(question.slice(at + phrase.length))[0] ?? []);
  });
}

function wordsOf(answer: string, units: readonly string[]): string[] {
  let text = answer.toLowerCase();
  for (const [from, to] of replacements) text = text.replaceAll(from, to);
  for (const unit of units) text = text.replaceAll(unit, '');
  text = text.replaceAll(/[!-/:-@[-`{-~]/g, '').replaceAll(/(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu, ' ');
  const words = pythonSplit(text);
  const short = text.startsWith('yes') || text.startsWith('no') ? words.slice(0, 1) : words;
  return short.map((word) => numberWords.get(word) ?? word);
}
