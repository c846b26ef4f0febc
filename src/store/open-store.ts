import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { CallRecord, SampleResult, Store } from '../core/index.ts';
import { FettleError } from '../core/index.ts';
import { openBlobs } from './blobs.ts';
import { openCachedCalls } from './cached-calls.ts';
import { openCalls } from './calls.ts';
import { openNames } from './names.ts';
import { openResults, type ResultsMark } from './results.ts';
import { openRuns } from './runs.ts';
import { migrate } from './schema.ts';
import { createSharedInputs } from './shared-inputs.ts';
import { loadSqlite } from './sqlite.ts';
import { isBusy, sqliteCode, sqliteCodes, storeError } from './store-error.ts';
import { createWriteQueue } from './write-queue.ts';

export interface StoreOptions {
  /**
   * What acknowledged writes survive: `process` (the default) the death of the process, `power` also a power cut,
   * at the price of one fsync a transaction.
   */
  readonly durability?: 'process' | 'power';
  /** How writes are gathered into transactions, where the defaults are measured against others. */
  readonly batching?: { readonly maxBatch?: number; readonly paceMs?: number; readonly patienceMs?: number };
  /** Told of what was found damaged and worked around. */
  readonly onWarning?: (warning: string) => void;
}

/** The file that holds everything but the images. */
export const databaseName = 'fettle.db';

/**
 * Opens the store in `folder`, which is made where it is missing.
 * Throws FettleErrors: `store-not-a-folder`, `store-read-only`, `store-newer`, `store-foreign`, `store-damaged`,
 * `disk-full`, `store-busy`.
 */
export async function openStore(folder: string, options: StoreOptions = {}): Promise<Store> {
  const { durability = 'process' } = options;
  const root = resolve(folder);
  const file = join(root, databaseName);
  const fail = (error: unknown): FettleError => storeError(error, root, file);
  const { DatabaseSync } = await loadSqlite();
  let database: DatabaseSync;
  try {
    await mkdir(root, { recursive: true });
    database = new DatabaseSync(file, { timeout: 5000 });
  } catch (error) {
    throw fail(error);
  }
  try {
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability === 'power' ? 'FULL' : 'NORMAL'};`);
    migrate(database, file);
    database.exec('PRAGMA busy_timeout = 50');
    return assemble(database, root, file, options);
  } catch (error) {
    database.close();
    throw fail(error);
  }
}

function assemble(database: DatabaseSync, root: string, file: string, options: StoreOptions): Store {
  const names = openNames(database);
  const runs = openRuns(database);
  const inputs = createSharedInputs();
  const calls = openCalls(database, names, inputs);
  const results = openResults(database, names, inputs);
  const blobs = openBlobs(root, options.durability === 'power');
  const [begin, commit, rollback] = ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'].map((sql) => database.prepare(sql)) as [
    ReturnType<DatabaseSync['prepare']>,
    ReturnType<DatabaseSync['prepare']>,
    ReturnType<DatabaseSync['prepare']>,
  ];
  const explain = (error: unknown): FettleError => storeError(error, root, file);
  const queue = createWriteQueue({
    begin: () => void begin.run(),
    commit: () => void commit.run(),
    rollback() {
      names.forget();
      runs.forget();
      inputs.forget();
      // SQLite has rolled back by itself after some errors.
      if (database.isTransaction) rollback.run();
    },
    isBusy,
    ...options.batching,
    isOwn: (error) => FettleError.isInstance(error) || sqliteCode(error) === sqliteCodes.constraint,
    explain,
  });
  let closing: Promise<void> | undefined;
  const mustBeOpen = (): void => {
    if (closing !== undefined) throw new FettleError('The store is closed.', { code: 'store-closed', where: file });
  };
  const write = (apply: () => void, urgency?: 'urgent' | 'patient'): Promise<void> => {
    mustBeOpen();
    return queue.add(apply, urgency);
  };
  const cached = openCachedCalls(database, calls, write);
  const read = <T>(query: () => T): T => {
    mustBeOpen();
    try {
      return query();
    } catch (error) {
      throw explain(error);
    }
  };

  return {
    createRun: async (run) => write(() => runs.create(run)),
    updateRun: async (id, change) => write(() => runs.update(id, change)),
    getRun: async (id) => read(() => runs.get(id)),
    listRuns: async () => read(() => runs.list()),
    appendCall: async (runId, call) => write(() => calls.append(runs.number(runId), call)),
    callsOf: async (runId, task, sampleId, epoch) => read(() => calls.of(runs.number(runId), task, sampleId, epoch)),
    cachedCall: async (cacheKey) => {
      mustBeOpen();
      return cached.find(cacheKey).catch((error: unknown) => Promise.reject(explain(error)));
    },
    async *calls(runId): AsyncIterable<CallRecord> {
      const run = read(() => runs.number(runId));
      for (let after: number | undefined = 0; after !== undefined;) {
        const page = read(() => calls.page(run, after as number));
        yield* page.calls;
        after = page.lastId;
      }
    },
    saveResult: async (runId, result) => write(() => results.save(runs.number(runId), result), 'patient'),
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
    async putBlob(blob) {
      mustBeOpen();
      await blobs.put(blob).catch((error: unknown) => Promise.reject(explain(error)));
    },
    async getBlob(sha256) {
      mustBeOpen();
      return await blobs.get(sha256).catch((error: unknown) => Promise.reject(explain(error)));
    },
    close() {
      closing ??= queue.drain().then(() => database.close());
      return closing;
    },
  };
}
