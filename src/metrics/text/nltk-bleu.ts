import { sum } from '../statistics/mean.ts';
import { matchNgrams } from './ngram-matches.ts';
import { pythonSplit } from '../python/white-space.ts';

export interface NltkBleuOptions {
  /** `method1` counts an order without a match as 0.1 matches; `none` (NLTK's default) makes the score vanish. */
  readonly smoothing?: 'method1' | 'none';
  /** Longest n-gram, all orders with equal weight. Default 4. */
  readonly maxOrder?: number;
}

/**
 * NLTK's `sentence_bleu` over tokens between white space, 0 to 1, for figures that were published with it. Apart from the
 * tokens it differs from {@link sentenceBleu} in that an order that the hypothesis is too short for counts as unmatched.
 * @throws RangeError without references.
 */
export function nltkSentenceBleu(
  hypothesis: string,
  references: string | readonly string[],
  { smoothing = 'method1', maxOrder = 4 }: NltkBleuOptions = {},
): number {
  const texts = typeof references === 'string' ? [references] : references;
  if (texts.length === 0) throw new RangeError('nltkSentenceBleu: no reference');
  const { correct, total, hypothesisLength, referenceLength } = matchNgrams(
    pythonSplit(hypothesis),
    texts.map(pythonSplit),
    maxOrder,
  );
  if (correct[0] === 0) return 0;
  const unmatched = (total: number): number => (smoothing === 'method1' ? 0.1 / total : 2.2250738585072014e-308);
  const logarithms = correct.map((count, n) => {
    const all = Math.max(1, total[n] as number);
    return Math.log(count === 0 ? unmatched(all) : count / all) / maxOrder;
  });
  const brevityPenalty = hypothesisLength > referenceLength ? 1 : Math.exp(1 - referenceLength / hypothesisLength);
  return brevityPenalty * Math.exp(sum(logarithms));
}
