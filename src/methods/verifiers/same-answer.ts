import type { JsonValue, MethodContext, Sample } from '../../core/index.ts';
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

/** Equal as numbers where both are, else as texts without case and outer space. */
export function sameAnswer(a: string, b: string): boolean {
  const plain = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase();
  if (plain(a) === plain(b)) return true;
  const [x, y] = [numberOf(a), numberOf(b)];
  return x !== null && y !== null && Math.abs(x - y) <= 1e-6 * Math.max(1, Math.abs(x), Math.abs(y));
}

function numberOf(text: string): number | null {
  const plain = text.trim().replace(/^\$|(?<=\d),(?=\d{3})/g, '');
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i.test(plain) ? Number(plain) : null;
}

/** Whether an answer is the sample's right one; false for no answer. */
export function isGold(answer: string | null, sample: Sample, { extract }: Pick<MethodContext, 'extract'>): boolean {
  if (answer === null) return false;
  return goldTexts(sample.target).some((gold) => sameAnswer(answer, gold) || sameAnswer(answer, extract(gold) ?? gold));
}
