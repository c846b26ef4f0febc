/** What a reply's phrases have right, too much, and leave out. */
export interface EntityCounts {
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
}

/** The reference's counts: `tp` over different phrases, `fp` and `fn` over all, repeats included. */
export function entityCounts(predicted: readonly string[], gold: readonly string[]): EntityCounts {
  const found = new Set(predicted);
  const tp = new Set(gold).intersection(found).size;
  return { tp, fp: predicted.length - tp, fn: gold.length - tp };
}

/** F1 of one reply; two empty lists agree. */
export function sampleF1({ tp, fp, fn }: EntityCounts): number {
  return tp + fp + fn === 0 ? 1 : (2 * tp) / (2 * tp + fp + fn);
}
