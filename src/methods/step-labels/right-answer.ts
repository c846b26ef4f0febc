import type { JsonValue, Sample } from '../../core/index.ts';
import {
  type AnswerKind,
  extractMathAnswer,
  gradeStrict,
  readReference,
  referenceClose,
} from '../../metrics/math/index.ts';
import { finalAnswer } from '../steps/index.ts';

export const grades = ['strict', 'reference'] as const;
export type Grade = (typeof grades)[number];

function kindOf({ metadata }: Sample): AnswerKind {
  const kind = metadata?.['kind'];
  return kind === 'number' || kind === 'choice' ? kind : 'latex';
}

function optionsOf({ metadata }: Sample): string[] {
  const options = metadata?.['options'];
  return Array.isArray(options) ? options.filter((one: JsonValue) => typeof one === 'string').map(String) : [];
}

/** The right answer of a sample as a text; null where its target is none. */
export function goldOf({ target }: Pick<Sample, 'target'>): string | number | null {
  const one: JsonValue | undefined = Array.isArray(target) ? target[0] : target;
  return typeof one === 'string' || typeof one === 'number' ? one : null;
}

/**
 * The answer that a reply comes to, null where it has not come to one: what it marks, else what follows words that
 * announce it. A bare number is no answer yet: a step has many.
 */
export function reachedAnswer(text: string, sample: Sample): string | null {
  const marked = finalAnswer(text);
  if (marked !== null) return marked;
  if (!/####|\bfinal answer\b|\banswer is\b|\banswer:/i.test(text)) return null;
  const options = optionsOf(sample);
  return extractMathAnswer(text, { kind: kindOf(sample), ...(options.length > 0 && { choices: options }) });
}

/**
 * How answers are judged: `strict` by what they mean, `reference` as the released code of StepCo labels its trees, where
 * what cannot be read is 0 and values may differ by a factor of 100 (specification, sections 2.7 and 4.2).
 */
export function answerJudge(sample: Sample, gold: string | number, grade: Grade): (answer: string) => boolean {
  if (grade === 'reference') return (answer) => sameAsReleased(answer, gold);
  const options = optionsOf(sample);
  const kind = kindOf(sample);
  const judging = kind === 'choice' && options.length === 0 ? 'latex' : kind;
  return (answer) => gradeStrict(answer, String(gold), { kind: judging, choices: options }).right;
}

/** Equal by the rule that the released labels of StepCo are made with. */
export function sameAsReleased(answer: string | number, gold: string | number): boolean {
  const value = (text: string | number) => {
    const read = readReference(text);
    return read.ok ? read.value : ({ type: 'int', value: 0n } as const);
  };
  try {
    return referenceClose(value(gold), value(answer));
  } catch {
    // Python raises for integers beyond the range of floats; a label maker that forgives takes them for wrong.
    return false;
  }
}
