import type { PrecisionRecall } from '../ranking/set-scores.ts';
import { squadNormalize } from './normalize.ts';
import { wordOverlap } from './word-overlap.ts';

function words(text: string): string[] {
  return squadNormalize(text).split(' ').filter(Boolean);
}

function score(predicted: readonly string[], expected: readonly string[]): PrecisionRecall {
  if (predicted.length > 0 && expected.length > 0) return wordOverlap(predicted, expected);
  const same = Number(predicted.length === expected.length);
  return { precision: same, recall: same, f1: same };
}

/**
 * Overlap of words after SQuAD's normalisation, the best over the references by F1 (P. Rajpurkar et al., SQuAD, EMNLP
 * 2016). Two texts without words agree (SQuAD 2.0: no answer).
 * @throws RangeError without references.
 */
export function tokenF1(prediction: string, references: string | readonly string[]): PrecisionRecall {
  const texts = typeof references === 'string' ? [references] : references;
  const predicted = words(prediction);
  let best: PrecisionRecall | undefined;
  for (const reference of texts) {
    const next = score(predicted, words(reference));
    if (best === undefined || next.f1 > best.f1) best = next;
  }
  if (best === undefined) throw new RangeError('tokenF1: no reference');
  return best;
}
