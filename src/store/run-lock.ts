import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { FettleError } from '../core/index.ts';
import type { SqliteModule } from './sqlite.ts';
import { isBusy, sqliteCode, sqliteCodes } from './store-error.ts';

export interface RunLock {
  /** Lets the run go. Further calls do nothing. */
  release(): void;
}

/** When this process began, milliseconds since 1970: with the id it names one process for good. */
const processStartedAt = Math.round(Date.now() - process.uptime() * 1000);

/**
 * Takes the right to write a run, for as long as this process lives or until it is released.
 * The lock is the operating system's, on a file of its own: it ends with the process however that dies, so that a dead
 * process's run can be taken over at once, also when its id was given to another process or lives in another container.
 * The file names the holder, for the message. Throws `run-locked`.
 */
export function lockRun(sqlite: SqliteModule, folder: string, runId: string): RunLock {
  const locks = join(folder, 'locks');
  mkdirSync(locks, { recursive: true });
  // The id may hold anything; the name of a file may not.
  const file = join(locks, `${createHash('sha256').update(runId).digest('hex').slice(0, 32)}.lock`);
  for (let attempt = 0; attempt < 5; attempt++) {
    const database = takeLock(sqlite, file, runId);
    if (database === undefined) continue;
    let held = true;
    return {
      release() {
        if (!held) return;
        held = false;
        // Removed while it is held: whoever opened it meanwhile sees that it is not the file of that name any more.
        removeQuietly(file);
        database.close();
        removeQuietly(`${file}-journal`);
        if (process.platform === 'win32') removeQuietly(file);
      },
    };
  }
  throw lockedError(runId, undefined);
}

/** Undefined where the file was damaged, or removed by its last holder while it was opened: try again. */
function takeLock(sqlite: SqliteModule, file: string, runId: string): DatabaseSync | undefined {
  const before = statSync(file, { throwIfNoEntry: false })?.ino;
  const database = new sqlite.DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; BEGIN IMMEDIATE');
    database.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER, started_at INTEGER, host TEXT); DELETE FROM holder');
    database.prepare('INSERT INTO holder VALUES (?, ?, ?)').run(process.pid, processStartedAt, hostname());
    database.exec('COMMIT; BEGIN IMMEDIATE');
    const pid = database.prepare('SELECT pid FROM holder').get()?.['pid'];
    const after = statSync(file, { throwIfNoEntry: false })?.ino;
    if (pid === process.pid && after !== undefined && (before === undefined || before === after)) return database;
    database.close();
    return undefined;
  } catch (error) {
    const holder = isBusy(error) ? holderOf(database) : undefined;
    database.close();
    if (isBusy(error)) throw lockedError(runId, holder);
    const code = sqliteCode(error);
    if (code !== sqliteCodes.notADatabase && code !== sqliteCodes.corrupt) throw error;
    removeQuietly(file);
    return undefined;
  }
}

function holderOf(database: DatabaseSync): string | undefined {
  try {
    const row = database.prepare('SELECT pid, started_at, host FROM holder').get();
    if (row === undefined) return undefined;
    const since = new Date(Number(row['started_at'])).toISOString();
    return `process ${String(row['pid'])} on ${String(row['host'])}, running since ${since}`;
  } catch {
    return undefined;
  }
}

function lockedError(runId: string, holder: string | undefined): FettleError {
  return new FettleError(`Run ${runId} is being written by ${holder ?? 'another process'}.`, {
    code: 'run-locked',
    where: runId,
    hint: 'Wait for it, or end that process; its lock ends with it.',
  });
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Windows keeps files that are open; the next holder uses it again.
  }
}
