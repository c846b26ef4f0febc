import type { JsonValue, MethodContext, Sample } from '../../core/index.ts';
import { gradeStrict } from '../../metrics/math/index.ts';
import { finalAnswer } from '../steps/index.ts';

/** The comparable answer of a reply: what it marks as its answer, as the task's scorer reads it; null for none. */
export function answerOf(text: string, { extract }: Pick<MethodContext, 'extract'>): string | null {
  const marked = finalAnswer(text);
  if (marked === null) return extract(text);
  return extract(marked) ?? marked;
}

/** Texts that a target holds, where its shape is one of the common ones. */
function goldTexts(target: JsonValue): string[] {
  if (typeof target === 'string') return [target];
  if (typeof target === 'number' || typeof target === 'boolean') return [String(target)];
  if (Array.isArray(target)) return target.flatMap((one: JsonValue) => goldTexts(one));
  if (target === null) return [];
  const { answer, value, label } = target as { readonly [key: string]: JsonValue };
  return goldTexts(answer ?? value ?? label ?? null);
}

/** Whether two answers say the same: as texts without case, or as numbers and formulas, with or without units. */
export function sameAnswer(a: string, b: string): boolean {
  const plain = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase();
  return plain(a) === plain(b) || gradeStrict(a, b, { kind: 'number' }).right;
}

/** Whether an answer is the sample's right one; false for no answer. */
export function isGold(answer: string | null, sample: Sample, { extract }: Pick<MethodContext, 'extract'>): boolean {
  if (answer === null) return false;
  return goldTexts(sample.target).some(
    (gold) =>
      sameAnswer(answer, gold) ||
      sameAnswer(answer, extract(gold) ?? gold) ||
      sameChoice(answer, gold, sample.choices ?? []),
  );
}

function sameChoice(answer: string, gold: string, choices: readonly string[]): boolean {
  if (choices.length === 0) return false;
  try {
    return gradeStrict(answer, gold, { kind: 'choice', choices }).right;
  } catch (error) {
    // The gold answer is written in some other way than as an option.
    if (error instanceof RangeError) return false;
    throw error;
  }
}
