import type { PrecisionRecall } from '../ranking/set-scores.ts';

/** What two lists of words share, each word as often as both hold it; zeros where they share none. */
export function wordOverlap(predicted: readonly string[], expected: readonly string[]): PrecisionRecall {
  const left = new Map<string, number>();
  for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of predicted) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    shared++;
    left.set(word, count - 1);
  }
  if (shared === 0) return { precision: 0, recall: 0, f1: 0 };
  const precision = shared / predicted.length;
  const recall = shared / expected.length;
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}
