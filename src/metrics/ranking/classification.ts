import type { PrecisionRecall } from './set-scores.ts';

export interface ClassScore<L> extends PrecisionRecall {
  readonly label: L;
  /** Gold samples of the class. */
  readonly support: number;
}

export interface ClassificationScores<L> {
  readonly accuracy: number;
  /** Unweighted mean over the classes. */
  readonly macro: PrecisionRecall;
  /** Mean over the classes by their gold samples. */
  readonly weighted: PrecisionRecall;
  /** From summed counts over the classes; equals accuracy where every prediction is one of them. */
  readonly micro: PrecisionRecall;
  /** Mean recall of the classes that occur in the gold. */
  readonly balancedAccuracy: number;
  readonly classes: readonly ClassScore<L>[];
  /** Rows are gold, columns predicted, in the order of `classes`. Unparsed and foreign predictions are in no column. */
  readonly confusion: readonly (readonly number[])[];
  readonly n: number;
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

function average(
  scores: readonly ClassScore<unknown>[],
  weight: (score: ClassScore<unknown>) => number,
): PrecisionRecall {
  const total = scores.reduce((sum, score) => sum + weight(score), 0);
  const mean = (pick: (score: ClassScore<unknown>) => number): number =>
    ratio(
      scores.reduce((sum, score) => sum + weight(score) * pick(score), 0),
      total,
    );
  return { precision: mean((s) => s.precision), recall: mean((s) => s.recall), f1: mean((s) => s.f1) };
}

/**
 * Scores of single-label classification, as scikit-learn's `precision_recall_fscore_support` with `zero_division=0`.
 *
 * @param predicted null where the reply could not be read: wrong for its class, predicted for none.
 * @param labels the classes, in order; those that occur in the gold or, without null, the predictions where absent.
 * @throws RangeError where the lists differ in length or a gold label is not among `labels`.
 */
export function classificationScores<L extends string | number | boolean>(
  predicted: readonly (L | null)[],
  gold: readonly L[],
  labels: readonly L[] = [...new Set([...gold, ...predicted.filter((label) => label !== null)])],
): ClassificationScores<L> {
  if (predicted.length !== gold.length) {
    throw new RangeError(`classificationScores: ${predicted.length} predictions for ${gold.length} gold labels`);
  }
  const position = new Map(labels.map((label, i) => [label, i]));
  const confusion = labels.map(() => labels.map(() => 0));
  const support = labels.map(() => 0);
  const columns = labels.map(() => 0);
  let right = 0;
  for (const [i, label] of gold.entries()) {
    const row = position.get(label);
    if (row === undefined)
      throw new RangeError(`classificationScores: gold label "${label}" of sample ${i} is not a class`);
    support[row]!++;
    const answer = predicted[i] as L | null;
    const column = answer === null ? undefined : position.get(answer);
    if (column === undefined) continue;
    columns[column]!++;
    confusion[row]![column]!++;
    if (column === row) right++;
  }
  const classes = labels.map((label, i): ClassScore<L> => {
    const hits = confusion[i]?.[i] ?? 0;
    const [found, wanted] = [columns[i] ?? 0, support[i] ?? 0];
    return {
      label,
      support: wanted,
      precision: ratio(hits, found),
      recall: ratio(hits, wanted),
      f1: ratio(2 * hits, found + wanted),
    };
  });
  const made = columns.reduce((sum, count) => sum + count, 0);
  const present = classes.filter(({ support }) => support > 0);
  return {
    accuracy: ratio(right, gold.length),
    macro: average(classes, () => 1),
    weighted: average(classes, ({ support }) => support),
    micro: {
      precision: ratio(right, made),
      recall: ratio(right, gold.length),
      f1: ratio(2 * right, made + gold.length),
    },
    balancedAccuracy: average(present, () => 1).recall,
    classes,
    confusion,
    n: gold.length,
  };
}
