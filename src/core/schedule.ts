import { PromptsHash } from './prompts-hash.ts';
import type { Sample } from './sample.ts';
import { SampleIds } from './sample-ids.ts';
import type { Task } from './task.ts';

/** One sample to be answered once. */
export interface Job {
  readonly task: Task;
  readonly sample: Sample;
  /** Position of the sample in the run, from 0. */
  readonly index: number;
  /** From 1. */
  readonly epoch: number;
}

export interface Schedule {
  readonly jobs: AsyncGenerator<Job, void, undefined>;
  /** Over the inputs handed out so far; of the whole run once `jobs` has ended. */
  readonly promptsHash: PromptsHash;
}

/** The samples of all tasks in order, each `epochs` times; read only as they are asked for. */
export function createSchedule(
  tasks: readonly Task[],
  options: { readonly epochs: number; readonly limit?: number | undefined },
): Schedule {
  const promptsHash = new PromptsHash();
  async function* jobs(): AsyncGenerator<Job, void, undefined> {
    const ids = new SampleIds();
    let index = 0;
    for (const task of tasks) {
      let taken = 0;
      if (options.limit === 0) break;
      for await (const sample of task.samples()) {
        ids.add(task.name, sample.id);
        promptsHash.add(task.name, sample);
        for (let epoch = 1; epoch <= options.epochs; epoch++) yield { task, sample, index, epoch };
        index += 1;
        taken += 1;
        if (options.limit !== undefined && taken >= options.limit) break;
      }
    }
  }
  return { jobs: jobs(), promptsHash };
}

/** Samples times epochs, where every task knows its size. */
export function plannedTotal(
  tasks: readonly Task[],
  options: { readonly epochs: number; readonly limit?: number | undefined },
): number | undefined {
  let total = 0;
  for (const task of tasks) {
    if (task.size === undefined) return undefined;
    total += Math.min(task.size, options.limit ?? Number.POSITIVE_INFINITY) * options.epochs;
  }
  return total;
}
