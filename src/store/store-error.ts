import { statfsSync } from 'node:fs';
import { FettleError } from '../core/index.ts';

interface SqliteFailure {
  readonly code: 'ERR_SQLITE_ERROR';
  /** SQLite's extended result code; the low byte is the primary one. */
  readonly errcode: number;
  readonly message: string;
}

/** SQLite's primary result code of what was thrown, undefined where SQLite did not throw it. */
export function sqliteCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  const { errcode } = error as SqliteFailure;
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

/** SQLite's primary result codes that the store tells apart. */
export const sqliteCodes = {
  permission: 3,
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  tooBig: 18,
  constraint: 19,
  notADatabase: 26,
} as const;

/** Writes again later may succeed: nothing is wrong but that another process writes now. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === sqliteCodes.busy || code === sqliteCodes.locked;
}

/**
 * What SQLite or the file system threw, as an error that says what is wrong with the store and how to mend it.
 * `run` goes into the hint where it is known. What is a FettleError already is given back.
 */
export function storeError(error: unknown, folder: string, file: string, run?: string): FettleError {
  if (FettleError.isInstance(error)) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const system = (cause as NodeJS.ErrnoException).code;
  const code = sqliteCode(error);
  const make = (name: string, message: string, where: string, hint: string): FettleError =>
    new FettleError(message, { code: name, where, hint, cause });

  const full = code === sqliteCodes.full || system === 'ENOSPC' || system === 'EDQUOT';
  // SQLite calls it an I/O error when its shared memory cannot grow on a full disk.
  if (full || (code === sqliteCodes.ioError && (freeBytes(folder) ?? Infinity) < 65_536)) {
    const again = `fettle resume ${run ?? 'RUN'}`;
    const hint = `Free space there, then \`${again}\`; nothing is half-written.`;
    return make('disk-full', `The disk is full: nothing more can be written (${freeSpace(folder)}).`, folder, hint);
  }
  if (code === sqliteCodes.corrupt || code === sqliteCodes.notADatabase) {
    const hint = '`fettle runs --salvage` copies every readable row into a fresh store and keeps the damaged file.';
    return make('store-damaged', `The store is damaged: ${cause.message}.`, file, hint);
  }
  if (code === sqliteCodes.busy || code === sqliteCodes.locked) {
    const hint = 'Wait for the other process, or end it, and try again.';
    return make('store-busy', 'Another process has been writing to the store for too long.', file, hint);
  }
  if (code === sqliteCodes.readOnly || system === 'EROFS' || system === 'EACCES' || system === 'EPERM') {
    const hint = 'Give this user write permission, or name another folder with --home or FETTLE_HOME.';
    return make('store-read-only', 'The store cannot be written.', folder, hint);
  }
  if (system === 'ENOTDIR' || system === 'EEXIST') {
    const hint = 'Name another folder with --home or FETTLE_HOME.';
    return make('store-not-a-folder', 'The place for the store is a file, not a folder.', folder, hint);
  }
  if (code === sqliteCodes.cannotOpen || system === 'ENOENT') {
    const hint = 'Check that the folder exists and that this user may read and write it.';
    return make('store-unreachable', 'The store cannot be opened.', file, hint);
  }
  if (code === sqliteCodes.tooBig) {
    const hint = 'A single request, response or result can hold 1,000,000,000 bytes at most.';
    return make('store-too-big', 'A record is too large for the store.', file, hint);
  }
  const hint = 'Check the disk; what was acknowledged before is kept.';
  return make('store-failed', `The store could not be read or written: ${cause.message}.`, file, hint);
}

function freeBytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

function freeSpace(folder: string): string {
  const bytes = freeBytes(folder);
  return bytes === undefined ? 'free space unknown' : `${(bytes / 1e6).toFixed(1)} MB free`;
}
