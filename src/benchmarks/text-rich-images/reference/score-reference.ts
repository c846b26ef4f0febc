import type { Score } from '../../../core/index.ts';
import { setRouge } from '../../../metrics/index.ts';
import { goldsOf, type Question } from '../data/question.ts';
import { type Driver, parseChoice } from './parse-choice.ts';
import { openIsRight, parseOpen } from './parse-open.ts';
import { referenceAnls } from './reference-anls.ts';

export const undrawnReason = 'no letter found: the reference draws one at random, in the order of its shard';

/** Which verdict: `accuracy` is what the released code calls correct, ROUGE of captions included. */
export type ReferenceMetric = 'accuracy' | 'anls';

/** Rows that the Idefics2 driver reads at most, and images that it takes at most. */
const idefics2Rows = 900;
const idefics2Images = 8;

/** Why the released driver leaves a question out; undefined where it does not. */
export function leftOutReason({ row, images }: Question, driver: Driver): string | undefined {
  if (driver === 'llava') return undefined;
  if (row >= idefics2Rows) return `the Idefics2 driver reads the first ${idefics2Rows} rows alone`;
  if (images.length > idefics2Images)
    return `the Idefics2 driver leaves out questions on more than ${idefics2Images} images`;
  return undefined;
}

/** Rows that are divided into shards, of `count` in the file. */
export function rowsOfDriver(count: number, driver: Driver): number {
  return driver === 'llava' ? count : Math.min(count, idefics2Rows);
}

/** The released verdict as far as the reply alone decides it. */
export function scoreReference(reply: string, question: Question, metric: ReferenceMetric, driver: Driver): Score {
  const reason = leftOutReason(question, driver);
  if (reason !== undefined) return { value: null, parsed: true, reason };
  if (metric === 'anls') return anlsScore(reply, question);
  // This driver looks at options instead of the type, and takes no ROUGE.
  const text = driver === 'idefics2' ? tailAfter(reply, 'Assistant: ') : reply;
  const hasOptions = question.options !== null && question.options.length > 0;
  const isChoice = driver === 'idefics2' ? hasOptions : question.type === 'multiple-choice';
  if (isChoice) return choiceScore(text, question, driver);
  if (driver === 'llava' && question.type === 'captioning') return captionScore(text, question);
  if (driver === 'llava' && question.type === 'webqa') return webScore(text, question);
  const read = parseOpen(text);
  const right = openIsRight(question.answers, read, driver);
  const explanation = `read ${read.map((item) => JSON.stringify(item)).join(', ')}`;
  return { value: right ? 1 : 0, parsed: true, answer: String(read[0] ?? ''), explanation };
}

function tailAfter(text: string, cue: string): string {
  const at = text.lastIndexOf(cue);
  return at < 0 ? text : text.slice(at + cue.length);
}

/** Right where the letter is a gold; a gold text is not looked at by its letters. */
export function letterIsRight(letter: string, { answers }: Question): boolean {
  return typeof answers === 'string' ? answers === letter : answers.includes(letter);
}

function choiceScore(reply: string, question: Question, driver: Driver): Score {
  const letter = parseChoice(reply, question.options ?? [], driver);
  if (letter === null) return { value: null, parsed: false, reason: undrawnReason, metadata: { fallback: true } };
  return {
    value: letterIsRight(letter, question) ? 1 : 0,
    parsed: true,
    answer: letter,
    explanation: `letter ${letter}`,
  };
}

/** The golds as the released code walks through them: a text that is no list is its characters. */
function walked({ answers }: Question): readonly string[] {
  return typeof answers === 'string' ? [...answers] : answers;
}

function anlsScore(reply: string, question: Question): Score {
  // The released code computes it for open questions alone and counts the others as 0.
  if (question.type !== 'open-ended') return { value: 0, parsed: true, explanation: 'ANLS of open questions alone' };
  const prediction = tailAfter(reply, 'Answer: ').toLowerCase();
  const golds = walked(question).map((gold) => gold.toLowerCase());
  const value = referenceAnls(prediction, golds);
  return {
    value,
    parsed: true,
    answer: prediction,
    explanation: `ANLS ${value.toFixed(4)} of ${JSON.stringify(prediction)}`,
  };
}

const raises = (what: string): Score => ({
  value: null,
  parsed: true,
  broken: true,
  reason: `the reference stops here: ${what} (ValueError)`,
});

function captionScore(reply: string, question: Question): Score {
  const [gold = ''] = walked(question);
  const found = setRouge(reply.toLowerCase(), gold.toLowerCase());
  if (found === undefined) return raises('ROUGE of an empty text');
  return { value: found.rougeL.f1, parsed: true, answer: reply, explanation: `ROUGE-L ${found.rougeL.f1.toFixed(4)}` };
}

function webScore(reply: string, question: Question): Score {
  let best: number | undefined;
  for (const gold of walked(question)) {
    const found = setRouge(reply.toLowerCase(), gold.toLowerCase());
    if (found === undefined) return raises('ROUGE of an empty text');
    best = Math.max(best ?? 0, found.rouge1.f1);
  }
  if (best === undefined) return raises('no gold answer');
  const golds = goldsOf(question).length;
  return { value: best, parsed: true, answer: reply, explanation: `ROUGE-1 ${best.toFixed(4)}, the best of ${golds}` };
}
