/** One word as it was read. Coordinates are pixels of the image, from its upper left corner. */
export interface OcrWord {
  readonly text: string;
  /** 0 to 100, as the engine is sure of it. */
  readonly confidence: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What was read in one image. */
export interface OcrPage {
  readonly width: number;
  readonly height: number;
  /** Upright text, in no order. */
  readonly words: readonly OcrWord[];
  /** Lines that run upwards at the left edge: titles of vertical axes. */
  readonly vertical: readonly string[];
}
