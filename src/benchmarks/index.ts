/** Benchmarks: one folder each, with loader, prompts, scoring and table. This registry loads them on first use. */
import { type Benchmark, usageError } from '../core/index.ts';

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
];

/** The benchmark of this name. @throws a usage error that lists the names where there is none. */
export async function loadBenchmark(name: string): Promise<Benchmark> {
  const entry = benchmarks.find((candidate) => candidate.name === name);
  if (entry !== undefined) return entry.load();
  throw usageError(`There is no benchmark "${name}".`, {
    where: name,
    hint: `Benchmarks: ${benchmarks.map((candidate) => candidate.name).join(', ')}. Own evaluations are given as a file.`,
  });
}
