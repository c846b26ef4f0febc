import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

export interface SweepReport {
  readonly removed: number;
  readonly removedBytes: number;
  readonly kept: number;
}

const scanRows = 2000;

/**
 * Removes images that no call and no result names, and what interrupted writes left.
 * Images put or used within `graceMs` stay: a run may have put them and not yet written the call that names them.
 */
export async function sweepBlobs(database: DatabaseSync, folder: string, graceMs: number): Promise<SweepReport> {
  const named = new Set<string>();
  await mark(database, 'calls', ['request', 'response'], named);
  await mark(database, 'results', ['input', 'body'], named);
  const before = Date.now() - graceMs;
  let [removed, removedBytes, kept] = [0, 0, 0];
  const root = join(folder, 'blobs');
  for (const prefix of await readdir(root).catch(() => [])) {
    for (const name of await readdir(join(root, prefix)).catch(() => [])) {
      const file = join(root, prefix, name);
      const found = named.has(prefix + name) ? undefined : await stat(file).catch(() => undefined);
      if (found === undefined || found.mtimeMs > before) {
        kept += 1;
        continue;
      }
      await rm(file, { force: true });
      removed += 1;
      removedBytes += found.size;
    }
  }
  return { removed, removedBytes, kept };
}

/** Adds every hash in the texts of a table. Whatever looks like one counts: too much is kept rather than too little. */
async function mark(
  database: DatabaseSync,
  table: string,
  columns: readonly string[],
  named: Set<string>,
): Promise<void> {
  const found = columns.map((column) => `CASE WHEN instr(${column}, '"sha256"') THEN ${column} END AS ${column}`);
  const page = database.prepare(
    `SELECT id, ${found.join(', ')} FROM ${table} WHERE id > ? ORDER BY id LIMIT ${scanRows}`,
  );
  for (let after = 0, rows = scanRows; rows === scanRows;) {
    rows = 0;
    for (const row of page.iterate(after)) {
      rows += 1;
      after = Number(row['id']);
      for (const column of columns) {
        const text = row[column];
        if (typeof text !== 'string') continue;
        for (const [hash] of text.matchAll(/[0-9a-f]{64}/g)) named.add(hash);
      }
    }
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}
