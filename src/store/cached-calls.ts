import type { DatabaseSync } from 'node:sqlite';
import type { CallRecord } from '../core/index.ts';
import type { Calls } from './calls.ts';
import { decodeKey } from './hex-key.ts';

/** Answers of any run by cache key, through an index that is made on the first question and kept up from then on. */
export interface CachedCalls {
  find(cacheKey: string): Promise<CallRecord | undefined>;
  /** After a deletion: the index names calls that are gone. Within a transaction. */
  clear(): void;
  forget(): void;
}

/** How many keys are gathered in memory before they are written, in the order of keys, so that few pages change. */
const maxPending = 8192;
/** Calls looked at in one turn of the event loop while the index catches up. */
const scanRows = 4096;
const markName = 'cached_calls';

/**
 * `write` puts a function into the store's write queue.
 * Calls of other processes are found as soon as they are committed.
 */
export function openCachedCalls(
  database: DatabaseSync,
  calls: Calls,
  write: (apply: () => void) => Promise<void>,
): CachedCalls {
  const selectMark = database.prepare('SELECT value FROM marks WHERE name = ?');
  const saveMark = database.prepare('INSERT OR REPLACE INTO marks (name, value) VALUES (?, ?)');
  const selectNew = database.prepare('SELECT id, cache_key FROM calls WHERE id > ? ORDER BY id LIMIT ?');
  const selectCall = database.prepare('SELECT call FROM cached_calls WHERE key = ?');
  const insert = database.prepare('INSERT OR REPLACE INTO cached_calls (key, call) VALUES (?, ?)');
  const pending = new Map<bigint, number>();
  /** Calls up to this id are in the table or pending; undefined before the first question. */
  let seen: number | undefined;

  const scan = (): boolean => {
    let rows = 0;
    for (const row of selectNew.iterate(seen ?? 0, scanRows)) {
      rows += 1;
      seen = Number(row['id']);
      if (row['cache_key'] !== null) pending.set(numberOf(decodeKey(row['cache_key'])), seen);
    }
    return rows === scanRows;
  };
  const save = async (): Promise<void> => {
    const [entries, until] = [[...pending], seen ?? 0];
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    await write(() => {
      for (const [key, call] of entries) insert.run(key, call);
      saveMark.run(markName, until);
    });
    for (const [key, call] of entries) if (pending.get(key) === call) pending.delete(key);
  };
  const verified = (id: number, cacheKey: string): CallRecord | undefined => {
    const call = calls.byId(id);
    return call?.cacheKey === cacheKey ? call : undefined;
  };

  return {
    async find(cacheKey) {
      const key = numberOf(cacheKey);
      if (seen === undefined) {
        const row = selectMark.get(markName);
        seen = row === undefined ? 0 : Number(row['value']);
      }
      for (;;) {
        const id = pending.get(key) ?? selectCall.get(key)?.['call'];
        const found = id === undefined ? undefined : verified(Number(id), cacheKey);
        if (found !== undefined) return found;
        const before: number = seen;
        const more = scan();
        if (pending.size >= maxPending) await save();
        else if (more) await new Promise<void>((resolve) => void setImmediate(resolve));
        if (seen === before) return undefined;
      }
    },
    clear() {
      database.exec('DELETE FROM cached_calls; DELETE FROM marks');
    },
    forget() {
      pending.clear();
      seen = undefined;
    },
  };
}

/** The first 64 bits of a key as SQLite's integer. Equal numbers of different keys cost a look, never a wrong answer. */
function numberOf(cacheKey: string): bigint {
  const head =
    /^[0-9a-f]{16}/.exec(cacheKey)?.[0] ?? Buffer.from(cacheKey).toString('hex').padEnd(16, '0').slice(0, 16);
  return BigInt.asIntN(64, BigInt(`0x${head}`));
}
