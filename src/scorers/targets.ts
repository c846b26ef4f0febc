import type { JsonValue, Sample } from '../core/index.ts';

/** A target as the texts that count as right: one, or each of a list. */
export function targetTexts(target: JsonValue): string[] {
  if (Array.isArray(target)) return target.flatMap((item: JsonValue) => targetTexts(item));
  if (typeof target === 'string') return [target];
  if (typeof target === 'number' || typeof target === 'boolean') return [String(target)];
  return [];
}

/** The option that a target means: its place, its letter or number, or its words. Null where it means none. */
export function targetChoice(sample: Sample, labels: readonly string[]): number | null {
  const { target, choices = [] } = sample;
  const text = String(Array.isArray(target) ? target[0] : target).trim();
  const byWords = choices.findIndex((choice) => choice.trim() === text);
  if (byWords !== -1) return byWords;
  const byLabel = labels.findIndex((label) => label.toLowerCase() === text.toLowerCase());
  if (byLabel !== -1) return byLabel;
  const place = typeof target === 'number' ? target : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isInteger(place) && place >= 0 && place < Math.max(choices.length, labels.length) ? place : null;
}
