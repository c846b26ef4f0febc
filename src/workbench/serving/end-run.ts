import type { JsonObject, ModelsByRole, RunRecord, SampleResult, Store } from '../../core/index.ts';
import { summarize } from '../../report/index.ts';
import { methodLabel } from '../method-label.ts';
import type { RunConfig } from '../run-config.ts';
import { servedBenchmark } from './served-benchmark.ts';

/** Sums up what was served, in one pass over the results, and marks the run as ended. */
export async function endServedRun(options: {
  readonly store: Store;
  readonly run: RunRecord;
  readonly config: RunConfig;
  readonly models: ModelsByRole;
}): Promise<void> {
  const { store, run, config, models } = options;
  const name = config.target.kind === 'served' ? config.target.name : '';
  const benchmark = servedBenchmark({ name });
  const { tasks } = await benchmark.open({ mode: 'strict', options: {} });
  const counts = { completed: 0, failed: 0 };
  const counted = async function* (): AsyncGenerator<SampleResult> {
    for await (const result of store.results(run.id)) {
      counts[result.status] += 1;
      yield result;
    }
  };
  const summary = await summarize({
    benchmark,
    mode: run.mode,
    tasks,
    results: counted(),
    run: {
      id: run.id,
      models: Object.fromEntries(Object.entries(models).map(([role, model]) => [role, model.id])),
      method: methodLabel(config),
      seed: config.seed,
      createdAt: run.createdAt,
      hashes: run.hashes,
      command: config.command,
    },
    includeSamples: false,
  });
  await store.updateRun(run.id, {
    ...counts,
    total: counts.completed + counts.failed,
    state: 'completed',
    updatedAt: Date.now(),
    summary: JSON.parse(JSON.stringify(summary)) as JsonObject,
  });
}
