import type { Layout, TaskType } from '../vocabulary.ts';

/** What counts as right, by metric. */
export type Gold =
  | { readonly metric: 'accuracy'; readonly option: number }
  | { readonly metric: 'hit rate@3'; readonly items: readonly number[] }
  | { readonly metric: 'ndcg'; readonly weights: readonly number[] }
  | { readonly metric: 'micro f1'; readonly entities: readonly string[] }
  | { readonly metric: 'rougel' | 'bleu' | 'jp-bleu'; readonly text: string }
  | { readonly metric: 'sent-transformer' | 'multilingual-sent-transformer'; readonly texts: readonly string[] };

/** One row of the benchmark, checked. */
export interface Question {
  readonly id: string;
  /** The prompt as the data has it. For choices of the task layout: the question alone. */
  readonly input: string;
  readonly task: string;
  readonly skill: string;
  readonly type: TaskType;
  readonly gold: Gold;
  /** Texts of the options, where the layout lists them apart from the prompt. */
  readonly options?: readonly string[];
  /** Set by data that says it (our demonstration set), else detected. */
  readonly language?: string;
  readonly layout: Layout;
  readonly file: string;
  readonly line: number;
}
