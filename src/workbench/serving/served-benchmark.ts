import type { Benchmark, Scorer, Task } from '../../core/index.ts';

/** The task that every served request belongs to. */
export const servedTask = 'requests';

const unscored: Scorer = {
  name: 'none',
  score: () => ({ value: null, parsed: false, reason: 'a served request has no right answer to compare with' }),
};

const task: Task = { name: servedTask, samples: () => [], size: 0, scorers: [unscored] };

/** A served run as reports and exports see it: one task whose samples are in the store alone. */
export function servedBenchmark({ name }: { readonly name: string }): Benchmark {
  return {
    name: `served/${name}`,
    title: `Requests answered as ${name}`,
    description: 'What clients asked `fettle serve`',
    modes: ['strict'],
    async open() {
      return { tasks: [task], dataHash: '', location: 'requests of clients' };
    },
  };
}
