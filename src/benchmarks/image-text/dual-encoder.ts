/** A model that places images and texts in one space, as bulk evaluation asks it. */
export interface DualEncoder {
  /** [texts.length, width] row after row. */
  embedTexts(texts: readonly string[]): Promise<Float32Array>;
  /** [rows.length, width] of the items in these rows, from 0. */
  embedImages(rows: readonly number[]): Promise<Float32Array>;
}

export interface EvaluationItem {
  readonly class?: string | undefined;
  readonly captions?: readonly string[] | undefined;
}

export interface Proportion {
  readonly correct: number;
  readonly n: number;
}

/** Texts of each class, in the order of the classes: ties go to the earlier class. */
export type ClassTexts = ReadonlyMap<string, readonly string[]>;

export interface DualEncoderEvaluation {
  readonly items: readonly EvaluationItem[];
  /** Rows of `items`: held-out items of both sets, and training items of the forget set for membership. */
  readonly sets: {
    readonly forget: readonly number[];
    readonly retain: readonly number[];
    readonly members?: readonly number[] | undefined;
  };
  readonly encoder: DualEncoder;
  /** Absent: no zero-shot accuracy. */
  readonly classes?: ClassTexts | undefined;
  /** Other texts for the classes by name: `template:a drawing of a {}`. */
  readonly prompts?: Readonly<Record<string, ClassTexts>> | undefined;
  readonly superclasses?: ReadonlyMap<string, string> | undefined;
  /** Default: the classes of the forget rows. */
  readonly forgotten?: ReadonlySet<string> | undefined;
  /** What this function gave for the model that was trained without the forget set. */
  readonly retrained?: DualEncoderOutcome | undefined;
}

export type SetName = 'forget' | 'retain';
export type RecallFigures = { readonly n: number; readonly recall: Readonly<Record<'1' | '5' | '10', number>> };

export interface DualEncoderMeasures {
  readonly zeroShot?: {
    readonly forget: Proportion;
    readonly retain: Proportion;
    readonly near?: Proportion;
    readonly far?: Proportion;
    readonly perClass: Readonly<Record<string, Proportion>>;
    readonly prompts: Readonly<Record<string, Readonly<Record<SetName, Proportion>>>>;
  };
  readonly retrieval?: Readonly<Record<'imageToText' | 'textToImage', Readonly<Record<SetName, RecallFigures>>>>;
  readonly matchedCosine: Readonly<Record<SetName, number>>;
  readonly membershipAuc?: number;
  readonly toRetrained?: {
    readonly ksForget: number;
    readonly ksRetain: number;
    readonly agreementForget?: number;
    readonly agreementRetain?: number;
  };
}

export interface DualEncoderOutcome {
  readonly measures: DualEncoderMeasures;
  /** Beside the rows of the sets: place of the predicted class, and cosine of image and own text. */
  readonly predictions: Readonly<Record<SetName, Int32Array>> | undefined;
  readonly cosines: Readonly<Record<SetName, Float64Array>>;
}
