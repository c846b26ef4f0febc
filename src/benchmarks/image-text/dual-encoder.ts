import type { ImageTextMeasures } from '../../metrics/index.ts';

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

export interface DualEncoderOutcome {
  readonly measures: ImageTextMeasures;
  /** Beside the rows of the sets: place of the predicted class, and cosine of image and own text. */
  readonly predictions: Readonly<Record<SetName, Int32Array>> | undefined;
  readonly cosines: Readonly<Record<SetName, Float64Array>>;
}
