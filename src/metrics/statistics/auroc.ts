import { requireFinite, requireSameLength } from './mean.ts';
import { averageRanks } from './ranks.ts';

/**
 * Area under the ROC curve: the chance that a random positive has a greater score than a random negative, ties half
 * (the Mann-Whitney statistic; J. Hanley and B. McNeil, Radiology 143, 1982).
 * @param labels true or 1 for positives.
 * @returns null where one of the two classes is missing.
 * @throws RangeError for lists of different lengths or scores that are not finite.
 */
export function auroc(scores: ArrayLike<number>, labels: ArrayLike<number | boolean>): number | null {
  requireSameLength(scores, labels, 'auroc');
  requireFinite(scores, 'auroc');
  const ranks = averageRanks(scores);
  let positives = 0;
  let rankSum = 0;
  for (let i = 0; i < scores.length; i++) {
    if (!labels[i]) continue;
    positives++;
    rankSum += ranks[i] as number;
  }
  const negatives = scores.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (rankSum - (positives * (positives + 1)) / 2) / positives / negatives;
}
