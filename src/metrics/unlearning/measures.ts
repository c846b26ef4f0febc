// Accuracies, recalls and rates are from 0 to 1.

/** A number of correct among n. */
export interface Proportion {
  readonly correct: number;
  readonly n: number;
}

/** Recall at K of `n` held-out queries. */
export interface RecallFigures {
  readonly n: number;
  readonly recall: Readonly<Record<'1' | '5' | '10', number>>;
}

/** What the tasks say of one image-text model about what it was to forget and what to retain. */
export interface ImageTextMeasures {
  /** Zero-shot accuracy on held-out test items, where items have classes. */
  readonly zeroShot?: {
    readonly forget: Proportion;
    readonly retain: Proportion;
    /** Retained classes of the same superclass as a forgotten one; absent where no superclasses are known. */
    readonly near?: Proportion;
    readonly far?: Proportion;
    readonly perClass: Readonly<Record<string, Proportion>>;
    /** The same with other templates and synonyms: `template:a drawing of a {}` → accuracies. */
    readonly prompts: Readonly<Record<string, { readonly forget: Proportion; readonly retain: Proportion }>>;
  };
  readonly retrieval?: Readonly<
    Record<'imageToText' | 'textToImage', Readonly<Record<'forget' | 'retain', RecallFigures>>>
  >;
  /** Mean cosine of matched test pairs. */
  readonly matchedCosine: { readonly forget: number; readonly retain: number };
  /** Area under the curve of telling forget training items from forget test items by matched cosine; 0.5 tells nothing. */
  readonly membershipAuc?: number;
  /** Against the model that was trained without the forget set (same seed). */
  readonly toRetrained?: {
    /** Kolmogorov–Smirnov distance of the matched cosines of forget test items, from 0 to 1. */
    readonly ksForget: number;
    readonly ksRetain: number;
    /** Share of test items with the same predicted class. */
    readonly agreementForget?: number;
    readonly agreementRetain?: number;
  };
}
