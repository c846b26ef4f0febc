import { type EvaluationSet, evaluationSets } from './sets.ts';

export interface TextRichBenchmark {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Undefined for the family: every set that the data has. */
  readonly set: EvaluationSet | undefined;
}

/** The family that holds every set, and each set by itself. */
export const textRichBenchmarks: readonly TextRichBenchmark[] = [
  {
    name: 'text-rich-images',
    title: 'Text-rich images',
    description:
      'Questions on documents, slides, tables, charts and web pages: the evaluation sets of LEOPARD together.',
    set: undefined,
  },
  ...evaluationSets.map((set) => ({ name: set.name, title: set.title, description: set.description, set })),
];
