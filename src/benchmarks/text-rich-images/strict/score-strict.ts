import type { Score } from '../../../core/index.ts';
import {
  anls,
  bestRouge,
  findNumbers,
  multiHierttScore,
  normalizeText,
  numbersAgree,
  readChoice,
  relaxedMatch,
  rougeL,
  rougeN,
  slideVqaScore,
  vqaAccuracy,
  withoutThoughts,
} from '../../../metrics/index.ts';
import { goldsOf, type Question } from '../data/question.ts';
import type { Setting } from '../options.ts';
import { letterOf } from '../prompts.ts';
import type { Metric } from '../sets.ts';
import { finalAnswer } from './final-answer.ts';

const abstention =
  /^(?:none|n\/?a|unanswerable|not? (?:answerable|answer|available|applicable|stated|mentioned|specified|given|provided|found)|cannot be (?:answered|determined)|unknown)$/;

/** The letters that are right: as the golds say, or the options that they spell out. */
export function goldLetters(question: Question): string[] {
  const options = question.options ?? [];
  return goldsOf(question).flatMap((gold) => {
    const plain = gold
      .trim()
      .replace(/^\((.)\)$/, '$1')
      .replace(/\.$/, '');
    const place = options.findIndex((_, i) => letterOf(i) === plain.toUpperCase());
    const spelled = place >= 0 ? place : options.findIndex((option) => normalizeText(option) === normalizeText(gold));
    return spelled < 0 ? [] : letterOf(spelled);
  });
}

/** The letter that a reply chooses, null where none can be told apart. */
export function chosenLetter(reply: string, { options }: Question): { letter: string | null; explanation: string } {
  const texts = options ?? [];
  const labels = texts.map((_, i) => letterOf(i));
  if (labels.length === 0) return { letter: null, explanation: 'the question has no options' };
  // Letters that stand in the question or picture have no words of their own: "a" in a sentence is no choice.
  const worded = texts.some((text, i) => text.trim() !== labels[i]);
  const { label, explanation } = readChoice(withoutThoughts(reply), { labels, ...(worded && { texts }) });
  return { letter: label, explanation };
}

/**
 * The verdict of `strict`. A reply without an answer is unparsed and 0. Without golds the question has no answer in the
 * images, and saying so is right.
 */
export function scoreStrict(reply: string, question: Question, metric: Metric, setting: Setting): Score {
  const golds = goldsOf(question);
  if (question.type === 'multiple-choice') {
    const right = goldLetters(question);
    if (right.length === 0) return { value: null, parsed: true, reason: 'no gold answer is one of the options' };
    const { letter, explanation } = chosenLetter(reply, question);
    if (letter === null) return { value: 0, parsed: false, explanation };
    return { value: right.includes(letter) ? 1 : 0, parsed: true, answer: letter, explanation };
  }
  if (question.type === 'captioning') {
    const text = withoutThoughts(reply).trim();
    if (text === '') return { value: 0, parsed: false, explanation: 'the reply is empty' };
    if (golds.length === 0) return { value: null, parsed: true, reason: 'there is no gold text' };
    const caption = setting === 'cot' ? (finalAnswer(reply, setting)?.text ?? text) : text;
    const { f1 } = bestRouge(golds, (gold) => rougeL(caption, gold));
    return { value: f1, parsed: true, answer: caption, explanation: `ROUGE-L ${f1.toFixed(3)}` };
  }
  const found = finalAnswer(reply, setting);
  if (found === null) return { value: 0, parsed: false, explanation: 'the reply gives no answer' };
  const { text, where } = found;
  if (golds.length === 0) {
    const abstains = abstention.test(normalizeText(text));
    const explanation = `${where}; the question has no answer, and the reply ${abstains ? 'says so' : 'gives one'}`;
    return { value: abstains ? 1 : 0, parsed: true, answer: text, explanation };
  }
  const value = valueOf(text, golds, question, metric);
  return { value, parsed: true, answer: text, explanation: `${where}; ${metric} ${Number(value.toFixed(4))}` };
}

function valueOf(text: string, golds: readonly string[], question: Question, metric: Metric): number {
  switch (metric) {
    case 'anls':
      return anls(text, golds).value;
    case 'slidevqa-f1':
      return slideVqaScore(text, golds, question.text).f1;
    case 'slidevqa-em':
      return slideVqaScore(text, golds, question.text).exact;
    case 'multihiertt-em':
      return multiHierttScore(text, golds).exact;
    case 'multihiertt-f1':
      return multiHierttScore(text, golds).f1;
    case 'vqa-accuracy':
      return vqaAccuracy(text, golds);
    case 'relaxed-accuracy':
      return golds.some((gold) => relaxedMatch(text, gold)) ? 1 : 0;
    case 'rouge-1':
      return bestRouge(golds, (gold) => rougeN(text, gold, 1)).f1;
    case 'rouge-l':
      return bestRouge(golds, (gold) => rougeL(text, gold)).f1;
    case 'exact':
      return golds.some((gold) => comparable(gold) === comparable(text)) ? 1 : 0;
    case 'accuracy':
      return golds.some((gold) => comparable(gold) === comparable(text) || sameNumber(text, gold)) ? 1 : 0;
  }
}

/** Small letters, single spaces, no articles, no quotes around it and no punctuation at its end. */
export function comparable(text: string): string {
  return normalizeText(text, { ignoreArticles: true })
    .replace(/^["'“”‘’«»]+|[.,;:!?"'“”‘’«»]+$/gu, '')
    .trim();
}

/** A gold that is a number, and an answer with that one number, whatever words are around it. */
function sameNumber(text: string, gold: string): boolean {
  const [expected, ...others] = findNumbers(gold);
  if (expected === undefined || others.length > 0 || normalizeText(expected.raw) !== normalizeText(gold)) return false;
  const numbers = findNumbers(text);
  const [found] = numbers;
  return found !== undefined && numbers.length === 1 && numbersAgree(found, expected);
}
