import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { CallRecord, SampleResult, Store } from '../core/index.ts';
import { FettleError } from '../core/index.ts';
import { openBlobs } from './blobs.ts';
import { openCachedCalls } from './cached-calls.ts';
import { openCalls } from './calls.ts';
import { deleteRunRows } from './delete-run.ts';
import { openNames } from './names.ts';
import { openResults, type ResultsMark } from './results.ts';
import { lockRun, type RunLock } from './run-lock.ts';
import { openRuns } from './runs.ts';
import { createSharedInputs } from './shared-inputs.ts';
import type { SqliteModule } from './sqlite.ts';
import { isBusy, sqliteCode, sqliteCodes, storeError } from './store-error.ts';
import { sweepBlobs, type SweepReport } from './sweep-blobs.ts';
import { createWriteQueue, type WriteQueueOptions } from './write-queue.ts';

/** A store in a folder, with what the commands about the folder itself need. */
export interface FolderStore extends Store {
  readonly folder: string;
  /**
   * The right to write a run, against other processes. Ends with `release`, `close` or the death of the process.
   * Throws `run-locked`, which names the holder.
   */
  lockRun(runId: string): Promise<RunLock>;
  /** Removes a run with its journal and results. Throws `run-locked` while somebody writes it, and `run-not-found`. */
  deleteRun(runId: string): Promise<void>;
  /** Gives the space of what was deleted back to the disk. Needs as much free space as the store has left. */
  vacuum(): Promise<{ readonly freedBytes: number }>;
  /** Removes images that nothing names any more and that were not put or used within `graceMs`, an hour where absent. */
  sweepBlobs(options?: { readonly graceMs?: number }): Promise<SweepReport>;
}

export interface SqliteStoreParts {
  readonly sqlite: SqliteModule;
  /** Open, migrated, in WAL mode. Closed by the store. */
  readonly database: DatabaseSync;
  readonly folder: string;
  readonly file: string;
  readonly durability: 'process' | 'power';
  readonly batching?: Pick<WriteQueueOptions, 'maxBatch' | 'paceMs' | 'patienceMs'> | undefined;
  readonly onClosed: () => void;
}

/** The store over an open database. */
export function createSqliteStore(parts: SqliteStoreParts): FolderStore {
  const { sqlite, database, folder, file, durability, batching } = parts;
  const names = openNames(database);
  const runs = openRuns(database);
  const inputs = createSharedInputs();
  const calls = openCalls(database, names, inputs);
  const results = openResults(database, names, inputs);
  const blobs = openBlobs(folder, durability === 'power');
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const explain = (error: unknown): FettleError => storeError(error, folder, file);
  const forget = (): void => {
    names.forget();
    runs.forget();
    inputs.forget();
  };
  const queue = createWriteQueue({
    begin: () => void begin.run(),
    commit: () => void commit.run(),
    rollback() {
      forget();
      // After some errors SQLite has rolled back by itself.
      if (database.isTransaction) database.exec('ROLLBACK');
    },
    isBusy,
    isOwn: (error) => FettleError.isInstance(error) || sqliteCode(error) === sqliteCodes.constraint,
    explain,
    ...batching,
  });
  const locks = new Set<RunLock>();
  let closing: Promise<void> | undefined;

  const mustBeOpen = (): void => {
    if (closing !== undefined) throw new FettleError('The store is closed.', { code: 'store-closed', where: file });
  };
  const write = (apply: () => void, urgency?: 'urgent' | 'patient'): Promise<void> => {
    mustBeOpen();
    return queue.add(apply, urgency);
  };
  const read = <T>(query: () => T): T => {
    mustBeOpen();
    try {
      return query();
    } catch (error) {
      throw explain(error);
    }
  };
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    mustBeOpen();
    try {
      return await work();
    } catch (error) {
      throw explain(error);
    }
  };
  const lock = (runId: string): RunLock => {
    const taken = read(() => lockRun(sqlite, folder, runId));
    const own: RunLock = {
      release() {
        locks.delete(own);
        taken.release();
      },
    };
    locks.add(own);
    return own;
  };
  const cached = openCachedCalls(database, calls, write);

  return {
    folder,
    createRun: async (run) => write(() => runs.create(run)),
    updateRun: async (id, change) => write(() => runs.update(id, change)),
    getRun: async (id) => read(() => runs.get(id)),
    listRuns: async () => read(() => runs.list()),
    appendCall: (runId, call) => write(() => calls.append(runs.number(runId), call)),
    callsOf: async (runId, task, sampleId, epoch) => read(() => calls.of(runs.number(runId), task, sampleId, epoch)),
    cachedCall: (cacheKey) => explained(() => cached.find(cacheKey)),
    async *calls(runId): AsyncIterable<CallRecord> {
      const run = read(() => runs.number(runId));
      const ids = read(() => calls.ids(run));
      for (let from = 0; from < ids.length;) {
        const page = read(() => calls.page(ids, from));
        yield* page.calls;
        from = page.next;
      }
    },
    saveResult: (runId, result) => write(() => results.save(runs.number(runId), result), 'patient'),
    replaceScores: (runId, changes) => write(() => results.replaceScores(runs.number(runId), changes)),
    async *results(runId): AsyncIterable<SampleResult> {
      const run = read(() => runs.number(runId));
      for (let after: ResultsMark | undefined; ;) {
        const page = read(() => results.page(run, after));
        yield* page.results;
        if (page.last === undefined) return;
        after = page.last;
      }
    },
    resultOf: async (runId, sampleId, epoch) => read(() => results.of(runs.number(runId), sampleId, epoch)),
    completed: async (runId) => read(() => results.completed(runs.number(runId))),
    putBlob: (blob) => explained(() => blobs.put(blob)),
    getBlob: (sha256) => explained(() => blobs.get(sha256)),
    lockRun: async (runId) => lock(runId),
    deleteRun: (runId) =>
      explained(async () => {
        const run = runs.number(runId);
        const held = lock(runId);
        try {
          await deleteRunRows(database, run, write);
          await write(() => cached.clear());
          forget();
          cached.forget();
        } finally {
          held.release();
        }
      }),
    vacuum: () =>
      explained(async () => {
        await queue.drain();
        const before = bytesOf(file);
        database.exec('PRAGMA busy_timeout = 10000; PRAGMA wal_checkpoint(TRUNCATE); VACUUM');
        database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 50');
        return { freedBytes: before - bytesOf(file) };
      }),
    sweepBlobs: ({ graceMs = 3_600_000 } = {}) => explained(() => sweepBlobs(database, folder, graceMs)),
    close() {
      closing ??= queue.drain().then(() => {
        for (const held of locks) held.release();
        database.close();
        parts.onClosed();
      });
      return closing;
    },
  };
}

/** The database with its log. */
function bytesOf(file: string): number {
  return statSync(file).size + (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0);
}
