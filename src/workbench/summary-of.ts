import type { RunRecord, Store, Task } from '../core/index.ts';
import { summarize, type Summary } from '../report/index.ts';
import { openEvaluation } from './open-evaluation.ts';
import { methodLabel } from './method-label.ts';
import { runConfigSchema } from './run-config.ts';
import { settledView } from './settle.ts';

/**
 * The summary of a stored run: what was kept when it ended, or, for a run that was killed, what its results say so far.
 * Without `samples`: `withSamples` adds them.
 */
export async function summaryOf(store: Store, run: RunRecord): Promise<Summary> {
  if (run.summary !== undefined && run.state !== 'running') return run.summary as unknown as Summary;
  const config = runConfigSchema.parse(run.config);
  const { benchmark, mode, opened } = await openEvaluation(config);
  return summarize({
    benchmark,
    mode,
    tasks: opened.tasks,
    results: await settledView(opened, () => store.results(run.id)),
    run: {
      id: run.id,
      models: Object.fromEntries(Object.entries(config.models).filter(([, spec]) => spec !== undefined)) as Record<
        string,
        string
      >,
      method: methodLabel(config),
      seed: config.seed,
      createdAt: run.createdAt,
      hashes: run.hashes,
      command: config.command,
      notes: [...(opened.notes ?? []), 'This run has not ended: the figures are of what is there so far.'],
    },
    includeSamples: false,
  });
}

/** The tasks of a run; an empty list where its data is gone, as figures can still be read from the store. */
export async function tasksOfRun(run: RunRecord): Promise<readonly Task[]> {
  const config = runConfigSchema.safeParse(run.config);
  if (!config.success) return [];
  try {
    return (await openEvaluation(config.data)).opened.tasks;
  } catch {
    return [];
  }
}
