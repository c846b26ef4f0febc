import type { ImageReference } from '../../../core/index.ts';
import type { QuestionType } from '../scoring/index.ts';

/** One chart of a question. */
export interface Chart {
  /** For people: `GROUP/FILE` as the data writes it. */
  readonly path: string;
  /** Absent where the data has no such file. */
  readonly image: ImageReference | undefined;
}

/** One question with its charts, checked. */
export interface Question {
  readonly id: string;
  /** The chart group, which is the cluster for the statistics. */
  readonly group: string;
  /** Place within the group, from 1. */
  readonly q: number;
  /** As the data names it: `Direct_Questions/Structure`. */
  readonly task: string;
  readonly type: QuestionType;
  /** Without the first release's opening words on the charts, which later releases lack. */
  readonly question: string;
  readonly answer: string;
  /** In the order that "the first chart" refers to. */
  readonly charts: readonly Chart[];
  readonly file: string;
  readonly line: number;
}
