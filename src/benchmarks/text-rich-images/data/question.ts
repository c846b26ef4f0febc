export const questionTypes = ['multiple-choice', 'open-ended', 'captioning', 'webqa'] as const;

export type QuestionType = (typeof questionTypes)[number];

/** One row of an evaluation file, checked. */
export interface Question {
  readonly id: string;
  readonly text: string;
  readonly type: QuestionType;
  /** Texts of the options in order; null where there are none. */
  readonly options: readonly string[] | null;
  /** As the row has it: the released code treats a text and a list of one text differently. */
  readonly answers: string | readonly string[];
  /** Paths as the row writes them. */
  readonly images: readonly string[];
  readonly imageType?: string;
  readonly category?: string;
  /** The document or picture that other questions share, where the row or its images tell it. */
  readonly group?: string;
  readonly file: string;
  readonly line: number;
  /** Among the rows of its file, from 0. */
  readonly row: number;
}

/** The golds as a list. */
export function goldsOf({ answers }: Question): readonly string[] {
  return typeof answers === 'string' ? [answers] : answers;
}
