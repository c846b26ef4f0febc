import { z } from 'zod';
import type { RunRecord, Store } from '../core/index.ts';
import { summarize } from './summarize.ts';
import type { Summary } from './summary.ts';

/** The parts that everything built on a summary reads; what a newer version adds passes through. */
const shape = z.looseObject({
  mode: z.string(),
  overallDetail: z.looseObject({ n: z.number() }),
  tasks: z.record(z.string(), z.looseObject({ n: z.number(), interval: z.unknown(), unparsed: z.looseObject({}) })),
  groupDetails: z.record(z.string(), z.looseObject({})),
  errors: z.array(z.looseObject({})),
  notes: z.array(z.string()),
});

/**
 * A run's summary as it was stored when it ended, else made from its results so far.
 * The latter knows tasks by name alone: a figure that is not a mean (micro F1) is shown as the mean.
 */
export async function summaryOf(store: Store, run: RunRecord): Promise<Summary> {
  if (shape.safeParse(run.summary).success) return run.summary as unknown as Summary;
  return summarize({
    benchmark: { name: run.benchmark },
    mode: run.mode,
    tasks: [],
    results: store.results(run.id),
    run: { id: run.id, models: {}, createdAt: run.createdAt, hashes: run.hashes },
    includeSamples: false,
    notes: ['this run has not ended: figures are those of its results so far, each a plain mean'],
  });
}
