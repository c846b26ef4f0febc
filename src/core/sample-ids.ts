import { usageError } from './errors.ts';

/** Refuses a second sample of the same id within a task: results could not be told apart. */
export class SampleIds {
  #task: string | undefined;
  #seen = new Set<string>();

  add(task: string, id: string): void {
    // Tasks come one after another, so that only one task's ids are in memory.
    if (task !== this.#task) {
      this.#task = task;
      this.#seen = new Set();
    }
    if (this.#seen.has(id)) {
      throw usageError(`Two samples of the task "${task}" have the id "${id}".`, {
        code: 'duplicate-sample',
        where: `task ${task}, sample ${id}`,
        hint: 'Give every sample of a task its own id, or leave the id field out so that rows are numbered.',
      });
    }
    this.#seen.add(id);
  }
}
