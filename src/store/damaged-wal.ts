import { copyFileSync, existsSync, rmSync } from 'node:fs';
import type { SqliteModule } from './sqlite.ts';
import { isBusy } from './store-error.ts';
import { scanWal } from './scan-wal.ts';

/**
 * Looks for damage in the write-ahead log that a killed process left, before SQLite drops it without a word.
 * Where there is some, the log is kept beside the database and `onWarning` is told; true is returned then, and the
 * database should be checked. Logs that another process is using are left alone.
 */
export function keepDamagedWal(
  sqlite: SqliteModule,
  file: string,
  onWarning: ((warning: string) => void) | undefined,
): boolean {
  const wal = `${file}-wal`;
  if (!existsSync(file)) return false;
  const scan = scanWal(wal, `${file}-shm`);
  if (scan === undefined || scan.unreadableFrames === 0) return false;
  // Copied first: to ask whether others use the database is to open it, which drops the damaged part.
  const copy = `${wal}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '')}`;
  copyFileSync(wal, copy);
  if (isUsedByOthers(sqlite, file)) {
    rmSync(copy);
    return false;
  }
  onWarning?.(
    `The journal of the store is damaged at its end: ${scan.unreadableFrames} frames after the last whole ` +
      `commit are unreadable (${scan.committedFrames} before it are fine). The calls in them will be made again when their run is ` +
      `resumed. The damaged journal is kept as ${copy}.`,
  );
  return true;
}

/** True when another process has the database open. Opens it, and with that recovers what is whole. */
export function isUsedByOthers(sqlite: SqliteModule, file: string): boolean {
  const database = new sqlite.DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
    return false;
  } catch (error) {
    // A damaged database cannot be locked; whoever opens it next is told of that.
    return isBusy(error);
  } finally {
    database.close();
  }
}
