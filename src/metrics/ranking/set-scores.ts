/** Counts that add up over samples. */
export interface DetectionCounts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
}

export interface PrecisionRecall {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** What a predicted set has right, too much and missing. Repeats on either side count once. */
export function setCounts<T>(predicted: Iterable<T>, gold: Iterable<T>): DetectionCounts {
  const found = new Set(predicted);
  const wanted = new Set(gold);
  const tp = found.intersection(wanted).size;
  return { tp, fp: found.size - tp, fn: wanted.size - tp };
}

/**
 * Precision, recall and F1 = 2tp / (2tp + fp + fn) of summed counts (micro average).
 * A ratio without a denominator is 0: nothing predicted gives precision 0, nothing to find gives recall 0.
 */
export function microF1(counts: DetectionCounts | Iterable<DetectionCounts>): PrecisionRecall {
  let tp = 0;
  let fp = 0;
  let fn = 0;
  for (const part of Symbol.iterator in counts ? counts : [counts]) {
    tp += part.tp;
    fp += part.fp;
    fn += part.fn;
  }
  return {
    precision: tp + fp > 0 ? tp / (tp + fp) : 0,
    recall: tp + fn > 0 ? tp / (tp + fn) : 0,
    f1: tp > 0 ? (2 * tp) / (2 * tp + fp + fn) : 0,
  };
}

/** Precision, recall and F1 of one predicted set. Two empty sets agree: all three are 1. */
export function setScores<T>(predicted: Iterable<T>, gold: Iterable<T>): PrecisionRecall {
  const counts = setCounts(predicted, gold);
  if (counts.tp + counts.fp + counts.fn === 0) return { precision: 1, recall: 1, f1: 1 };
  return microF1(counts);
}
