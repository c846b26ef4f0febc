import { constants, copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FettleError, usageError } from '../core/index.ts';
import { isUsedByOthers } from './damaged-wal.ts';
import { databaseName } from './open-store.ts';
import { isOpenHere } from './open-stores.ts';
import { replaceFirstPage } from './replace-first-page.ts';
import { salvageRows, type SalvageCounts, type SalvagedRows } from './salvage-rows.ts';
import { migrate } from './schema.ts';
import { loadSqlite, type SqliteModule } from './sqlite.ts';
import { storeError } from './store-error.ts';

export interface SalvageReport {
  /** The fresh database. */
  readonly file: string;
  /** The damaged one, kept as it was. */
  readonly damagedFile: string;
  readonly kept: SalvageCounts;
  readonly lost: SalvageCounts;
  /** True where the damaged file's head had to be made anew before anything could be read. */
  readonly headRebuilt: boolean;
}

/**
 * Copies every readable row of a damaged store into a fresh one, which takes its place; the damaged files stay beside it
 * as `fettle.db.damaged-<time>`. Runs keep their ids and can be resumed: what is lost is made again.
 * Images are not touched. Throws `store-busy` while anybody has the store open, and `store-damaged` where nothing
 * can be read.
 */
export async function salvageStore(folder: string): Promise<SalvageReport> {
  const root = resolve(folder);
  const file = join(root, databaseName);
  const sqlite = await loadSqlite();
  if (!existsSync(file)) throw usageError(`There is no store in ${root}.`, { where: file });
  const time = new Date().toISOString().replaceAll(/[:.]/g, '');
  const damagedFile = `${file}.damaged-${time}`;
  const work = `${file}.reading-${time}`;
  const fresh = `${file}.fresh-${time}`;
  try {
    copyWithLog(file, damagedFile);
    // Asking whether others use the store opens it, which changes it: hence after the copy.
    if (isOpenHere(root) || isUsedByOthers(sqlite, file)) {
      for (const suffix of suffixes) rmSync(damagedFile + suffix, { force: true });
      throw new FettleError('The store is open in another place; it can only be salvaged when nobody uses it.', {
        code: 'store-busy',
        where: file,
        hint: 'End the other processes that use this folder and try again.',
      });
    }
    let best: SalvagedRows | undefined;
    let headRebuilt = false;
    for (const head of ['own', 'rebuilt', 'rebuilt-vacuumed'] as const) {
      copyWithLog(damagedFile, work);
      const attempt = `${fresh}-${head}`;
      const rows = salvageInto(sqlite, work, attempt, head);
      if (rows !== undefined && total(rows.kept) > (best === undefined ? -1 : total(best.kept))) {
        renameSync(attempt, fresh);
        best = rows;
        headRebuilt = head !== 'own';
      }
      rmSync(attempt, { force: true });
      if (best !== undefined && head === 'own') break;
    }
    if (best === undefined) {
      throw new FettleError('Nothing in the store can be read.', {
        code: 'store-damaged',
        where: file,
        hint: `It is kept as ${damagedFile}; delete ${file} to start anew.`,
      });
    }
    // No log may lie beside a database that it does not belong to.
    for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
    renameSync(fresh, file);
    return { file, damagedFile, ...best, headRebuilt };
  } catch (error) {
    throw storeError(error, root, file);
  } finally {
    for (const suffix of suffixes) {
      rmSync(work + suffix, { force: true });
      rmSync(fresh + suffix, { force: true });
    }
  }
}

const suffixes = ['', '-wal', '-shm', '-journal'];

function total(counts: SalvageCounts): number {
  return counts.runs + counts.calls + counts.results;
}

/** Undefined where the schema cannot be read with this head. */
function salvageInto(
  sqlite: SqliteModule,
  work: string,
  fresh: string,
  head: 'own' | 'rebuilt' | 'rebuilt-vacuumed',
): SalvagedRows | undefined {
  const into = new sqlite.DatabaseSync(fresh);
  try {
    migrate(into, fresh);
    if (head === 'rebuilt-vacuumed') into.exec('VACUUM');
    if (head !== 'own') replaceFirstPage(work, fresh);
    const from = new sqlite.DatabaseSync(work);
    try {
      for (const table of ['names', 'runs', 'calls', 'results']) from.prepare(`SELECT * FROM ${table} LIMIT 0`).all();
    } catch {
      from.close();
      return undefined;
    }
    try {
      return salvageRows(from, into);
    } finally {
      from.close();
    }
  } finally {
    into.close();
  }
}

function copyWithLog(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  rmSync(`${to}-shm`, { force: true });
  if (existsSync(`${from}-wal`)) copyFileSync(`${from}-wal`, `${to}-wal`, constants.COPYFILE_FICLONE);
  else rmSync(`${to}-wal`, { force: true });
}
