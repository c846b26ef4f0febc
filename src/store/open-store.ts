import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { FettleError } from '../core/index.ts';
import { keepDamagedWal } from './damaged-wal.ts';
import { countOpen, isOpenHere } from './open-stores.ts';
import { migrate } from './schema.ts';
import { createSqliteStore, type FolderStore } from './sqlite-store.ts';
import { loadSqlite, scalar, type SqliteModule } from './sqlite.ts';
import { isBusy, storeError } from './store-error.ts';

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

/** How long opening waits for other processes that open, mend or pack the store. */
const openAttempts = 50;

/**
 * Opens the store in `folder`, which is made where it is missing. Several processes may have it open at once.
 * Throws FettleErrors: `store-not-a-folder`, `store-read-only`, `store-newer`, `store-foreign`, `store-damaged`,
 * `disk-full`, `store-busy`.
 */
export async function openStore(folder: string, options: StoreOptions = {}): Promise<FolderStore> {
  const { durability = 'process', batching, onWarning } = options;
  const root = resolve(folder);
  const file = join(root, databaseName);
  const sqlite = await loadSqlite();
  try {
    await makeFolder(root);
    const suspicious = !isOpenHere(root) && keepDamagedWal(sqlite, file, onWarning);
    for (let attempt = 1; ; attempt++) {
      try {
        const database = openDatabase(sqlite, file, durability, suspicious);
        const onClosed = countOpen(root);
        try {
          return createSqliteStore({ sqlite, database, folder: root, file, durability, batching, onClosed });
        } catch (error) {
          database.close();
          onClosed();
          throw error;
        }
      } catch (error) {
        if (!isBusy(error) || attempt === openAttempts) throw error;
        await sleep(100);
      }
    }
  } catch (error) {
    throw storeError(error, root, file);
  }
}

function openDatabase(
  sqlite: SqliteModule,
  file: string,
  durability: 'process' | 'power',
  suspicious: boolean,
): DatabaseSync {
  const database = new sqlite.DatabaseSync(file, { timeout: 1000 });
  try {
    database.exec('PRAGMA journal_mode = WAL');
    database.exec(`PRAGMA synchronous = ${durability === 'power' ? 'FULL' : 'NORMAL'}`);
    // Half as many checkpoints as by default, each of 8 MB at most.
    database.exec('PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 16777216');
    migrate(database, file);
    if (suspicious) mustBeSound(database, file);
    // Writes are tried again without holding up the event loop.
    database.exec('PRAGMA busy_timeout = 50');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function mustBeSound(database: DatabaseSync, file: string): void {
  const verdict = scalar(database, 'PRAGMA quick_check(1)');
  if (verdict === 'ok') return;
  throw new FettleError(`The store is damaged: ${String(verdict)}.`, {
    code: 'store-damaged',
    where: file,
    hint: '`fettle runs --salvage` copies every readable row into a fresh store and keeps the damaged file.',
  });
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    // On a read-only file system the recursive form says that there is no such folder; the plain one says why.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(folder);
  }
}
