import { vqaNormalize } from './vqa-normalize.ts';

/** Answers of a question below which leaving one out could not reach the three that full credit takes. */
const fewestAnnotators = 4;

/**
 * Accuracy of VQA and TextVQA (S. Antol et al., ICCV 2015; A. Singh et al., CVPR 2019): for each annotator, how many of the
 * others gave the same answer, in thirds, at most 1; the mean over the annotators. Ten people answer each question there.
 *
 * Below four references nobody can agree with three others: the value is then 1 where one of them is met, else 0.
 * Without references it is 0.
 */
export function vqaAccuracy(prediction: string, references: readonly string[]): number {
  const predicted = vqaNormalize(prediction);
  let matches = 0;
  for (const reference of references) if (vqaNormalize(reference) === predicted) matches++;
  const count = references.length;
  if (count < fewestAnnotators) return matches > 0 ? 1 : 0;
  const withMatch = Math.min(1, (matches - 1) / 3);
  const without = Math.min(1, matches / 3);
  return matches === 0 ? 0 : (matches * withMatch + (count - matches) * without) / count;
}
