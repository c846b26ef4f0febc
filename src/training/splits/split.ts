/** The parts of a data set, as ascending positions in the list of items. */
export interface Split {
  readonly mode: 'strict' | 'reference';
  readonly train: readonly number[];
  readonly validation: readonly number[];
  readonly test: readonly number[];
  /** Copies left out because the same picture is in another part: `row` went, `of` stayed. */
  readonly dropped: readonly { readonly row: number; readonly of: number }[];
  /** Items without a part in data that gives one to others; they are in no part. */
  readonly unassigned: readonly number[];
  /** Parts that were drawn by seed; the others are as the data gives them. */
  readonly drawn: readonly ('train' | 'validation' | 'test')[];
  /** Pictures in more than one part: 0 in `strict` mode. */
  readonly leakedImages: number;
  /** What a report has to say about this split. */
  readonly notes: readonly string[];
}
