/** Benchmarks: one folder each, with loader, prompts, scoring and table. This registry loads them on first use. */
import { type Benchmark, usageError } from '../core/index.ts';
import { mathBenchmarks } from './math-word-problems/catalogue.ts';
import { textRichBenchmarks } from './text-rich-images/catalogue.ts';

export type * from './image-text/dual-encoder.ts';
export { distanceToRetrained, evaluateDualEncoder } from './image-text/evaluate-dual-encoder.ts';

export interface BenchmarkEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  load(): Promise<Benchmark>;
}

/** All benchmarks, one line each. */
export const benchmarks: readonly BenchmarkEntry[] = [
  {
    name: 'shopping-mmlu',
    title: 'Shopping MMLU',
    description: 'Online shopping in four skills: choice, retrieval, ranking, entities and texts in six languages.',
    load: async () => (await import('./shopping-mmlu/index.ts')).shoppingMmlu,
  },
  {
    name: 'multichartqa',
    title: 'MultiChartQA',
    description: 'Questions over two or three related charts, 2,000 in four categories of reasoning.',
    load: async () => (await import('./multichartqa/index.ts')).multichartqa,
  },
  {
    name: 'cifar-100',
    title: 'CIFAR-100',
    description: 'Zero-shot classification of 32 by 32 pictures in 100 classes, for image-text encoders.',
    load: async () => (await import('./image-text/index.ts')).cifar100,
  },
  {
    name: 'flickr8k',
    title: 'Flickr8k',
    description: 'Retrieval of captions for pictures and of pictures for captions.',
    load: async () => (await import('./image-text/index.ts')).flickr8k,
  },
  {
    name: 'image-classes',
    title: 'Own image classes',
    description: 'Zero-shot classification of any folder of class folders.',
    load: async () => (await import('./image-text/index.ts')).imageClasses,
  },
  {
    name: 'image-captions',
    title: 'Own captioned images',
    description: 'Retrieval, and classification where rows have classes, from rows of images with captions.',
    load: async () => (await import('./image-text/index.ts')).imageCaptions,
  },
  ...mathBenchmarks.map((listed) => ({
    name: listed.name,
    title: listed.title,
    description: listed.description,
    load: async () => (await import('./math-word-problems/index.ts')).mathBenchmark(listed),
  })),
  {
    name: 'eic',
    title: 'EIC',
    description: 'Find the one planted error in a solution, by kind of error; or put it right.',
    load: async () => (await import('./first-wrong-step/index.ts')).eic,
  },
  {
    name: 'processbench',
    title: 'ProcessBench',
    description: 'Find the earliest wrong step in solutions of models, or say that all are right.',
    load: async () => (await import('./first-wrong-step/index.ts')).processbench,
  },
  ...textRichBenchmarks.map((listed) => ({
    name: listed.name,
    title: listed.title,
    description: listed.description,
    load: async () => (await import('./text-rich-images/index.ts')).textRichBenchmark(listed),
  })),
];

/** Benchmarks whose data has splits. */
export const mathBenchmarkNames: ReadonlySet<string> = new Set(mathBenchmarks.map(({ name }) => name));

/** The benchmark of this name. @throws a usage error that lists the names where there is none. */
export async function loadBenchmark(name: string): Promise<Benchmark> {
  const entry = benchmarks.find((candidate) => candidate.name === name);
  if (entry !== undefined) return entry.load();
  throw usageError(`There is no benchmark "${name}".`, {
    where: name,
    hint: `Benchmarks: ${benchmarks.map((candidate) => candidate.name).join(', ')}. Own evaluations are given as a file.`,
  });
}
