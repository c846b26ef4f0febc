/** How an answer is judged. Choices are always judged by their letter, captions by ROUGE-L, `webqa` by ROUGE-1. */
export type Metric =
  | 'accuracy'
  | 'anls'
  | 'exact'
  | 'multihiertt-em'
  | 'multihiertt-f1'
  | 'relaxed-accuracy'
  | 'rouge-1'
  | 'rouge-l'
  | 'slidevqa-em'
  | 'slidevqa-f1'
  | 'vqa-accuracy';

/** One evaluation set of LEOPARD (Jia et al., TMLR 2025, arXiv 2410.01744, section 4 and appendix). */
export interface EvaluationSet {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What LEOPARD's loaders call it: the file is `eval_<stem>.jsonl`. */
  readonly stems: readonly string[];
  /** The split that the paper reports. */
  readonly split: string;
  /** Of open-ended questions, the set's own first. */
  readonly official: readonly [Metric, ...Metric[]];
  /** What the paper reports for it. */
  readonly paper: Metric;
  /** Pages of one document are its images, so that questions on it are one cluster. */
  readonly pages: boolean;
  /** Some questions have no answer in the images: an empty list of answers. */
  readonly unanswerable: boolean;
  /** Tasks by `ques_category`, whose metrics differ. */
  readonly byCategory: boolean;
  /** The released LLaVA driver computes ANLS for it. */
  readonly referenceAnls: boolean;
}

function set(
  name: string,
  title: string,
  split: string,
  description: string,
  more: Partial<EvaluationSet> = {},
): EvaluationSet {
  return {
    name,
    title,
    description,
    split,
    stems: [name.replaceAll('-', '')],
    official: ['accuracy'],
    paper: 'accuracy',
    pages: false,
    unanswerable: false,
    byCategory: false,
    referenceAnls: false,
    ...more,
  };
}

/** Every set of the paper's evaluation, in its order. */
export const evaluationSets: readonly EvaluationSet[] = [
  set('mp-docvqa', 'MP-DocVQA', 'val', 'Questions on documents of up to 20 pages, by ANLS.', {
    official: ['anls'],
    paper: 'anls',
    pages: true,
    referenceAnls: true,
  }),
  set('dude', 'DUDE', 'val', 'Questions on documents of many kinds and pages, some without an answer, by ANLS.', {
    official: ['anls'],
    paper: 'anls',
    pages: true,
    unanswerable: true,
    referenceAnls: true,
  }),
  set('slidevqa', 'SlideVQA', 'test', 'Questions on decks of 20 slides, by token F1 and exact match.', {
    official: ['slidevqa-f1', 'slidevqa-em'],
    paper: 'exact',
    pages: true,
  }),
  set('multichartqa-v1', 'MultiChartQA, first release', 'all', 'Questions on 2 or 3 charts, by relaxed accuracy.', {
    stems: ['multichart', 'multichartqa', 'multichartqav1'],
    official: ['relaxed-accuracy'],
    paper: 'exact',
  }),
  set(
    'multihiertt',
    'MultiHiertt',
    'dev',
    'Questions on several hierarchical tables as pictures, by exact match and F1.',
    {
      official: ['multihiertt-em', 'multihiertt-f1'],
      paper: 'exact',
      pages: true,
    },
  ),
  set('textvqa', 'TextVQA', 'val 0.5.1', 'Questions on text in photographs, by agreement with ten annotators.', {
    official: ['vqa-accuracy'],
    paper: 'exact',
  }),
  set('docvqa', 'DocVQA', 'val', 'Questions on one page of a document, by ANLS.', {
    stems: ['docvqa', 'spdocvqa'],
    official: ['anls'],
    paper: 'anls',
    pages: true,
    referenceAnls: true,
  }),
  set('visualwebbench', 'VisualWebBench', 'test', 'Seven tasks on screenshots of web pages, each by its metric.', {
    byCategory: true,
  }),
  set('mirb', 'MIRB', 'all', 'Perception, reasoning, knowledge and hops over several pictures, by accuracy.'),
  set('mibench', 'MIBench', 'all', 'Instructions, knowledge and examples over several pictures, by accuracy.'),
  set('mmmu', 'MMMU', 'validation', 'College questions in thirty subjects with up to seven pictures, by accuracy.'),
  set('mathvista', 'MathVista', 'testmini', 'Mathematics in pictures, by accuracy.'),
  set('scienceqa', 'ScienceQA', 'test with image', 'Science questions of schools with a picture, by accuracy.'),
];

/** The set of this name or of a file stem that LEOPARD gives it (`eval_mpdocvqa`). */
export function findSet(name: string): EvaluationSet | undefined {
  const plain = name
    .toLowerCase()
    .replace(/^eval[_-]/, '')
    .replaceAll(/[^a-z0-9]/g, '');
  return evaluationSets.find(({ name: known, stems }) => known.replaceAll('-', '') === plain || stems.includes(plain));
}
