import { FettleError, type JsonObject, type RunRecord, type Store, usageError } from '../../core/index.ts';
import { codeHash } from '../code-hash.ts';
import type { RunConfig } from '../run-config.ts';
import { createRunId } from '../run-id.ts';

export interface OpenedRun {
  readonly run: RunRecord;
  /** True where an earlier start left it: its journal answers what it had asked already. */
  readonly continued: boolean;
  release(): void;
}

/**
 * The run that requests are kept in: the newest that the same method and models were served in, so that a server that
 * was killed finds its journal again; a new one where there is none, or where another process writes it.
 *
 * @param identity hash of what a user chose and that changes answers
 */
export async function openServedRun(store: Store, config: RunConfig, identity: string): Promise<OpenedRun> {
  const { target } = config;
  if (target.kind !== 'served') throw usageError('Only requests of clients are served.');
  const benchmark = `served/${target.name}`;
  for (const run of await store.listRuns()) {
    if (run.benchmark !== benchmark || run.hashes.data !== identity) continue;
    const release = await lock(store, run.id);
    if (release === undefined) continue;
    await store.updateRun(run.id, {
      state: 'running',
      summary: undefined,
      config: plain(config),
      updatedAt: Date.now(),
    });
    return { run, continued: true, release };
  }
  const now = Date.now();
  const run: RunRecord = {
    id: createRunId(),
    benchmark,
    mode: 'strict',
    state: 'running',
    createdAt: now,
    updatedAt: now,
    config: plain(config),
    hashes: { data: identity, code: codeHash() },
    completed: 0,
    failed: 0,
  };
  await store.createRun(run);
  const release = await lock(store, run.id);
  return { run, continued: false, release: release ?? (() => undefined) };
}

/** Undefined where another process writes the run. */
async function lock(store: Store, runId: string): Promise<(() => void) | undefined> {
  try {
    const held = await store.lockRun?.(runId);
    return () => held?.release();
  } catch (error) {
    if (FettleError.isInstance(error) && error.code === 'run-locked') return undefined;
    throw error;
  }
}

function plain(config: RunConfig): JsonObject {
  return JSON.parse(JSON.stringify(config)) as JsonObject;
}
