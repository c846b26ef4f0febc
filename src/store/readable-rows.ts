import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

export type Row = Record<string, SQLOutputValue>;

export interface ReadableRows {
  readonly rows: Iterable<Row>;
  /** How many row ids could not be read, once `rows` has been walked. */
  readonly unreadable: () => number;
}

/** So many ids without a row, behind the last that any index names, end the walk. */
const giveUpAfter = 100_000;

/**
 * Every row of a table that SQLite can still read, in the order of row ids.
 * Where a page is unreadable its ids are asked for one by one, until rows come again. `indexes` are looked into for the
 * highest id, since the table's own end may be what is damaged; each is an index's name with a condition on its first
 * column that is true of every row, so that SQLite walks the index.
 */
export function readableRows(
  database: DatabaseSync,
  table: string,
  key: string,
  indexes: readonly string[],
): ReadableRows {
  let unreadable = 0;
  function* walk(): Generator<Row> {
    const last = lastId(database, table, key, indexes);
    const from = database.prepare(`SELECT * FROM ${table} NOT INDEXED WHERE ${key} > ? ORDER BY ${key}`);
    const one = database.prepare(`SELECT * FROM ${table} WHERE ${key} = ?`);
    for (let after = 0; ;) {
      try {
        for (const row of from.iterate(after)) {
          after = Number(row[key]);
          yield row;
        }
        return;
      } catch {
        // The page behind `after` cannot be read.
      }
      let found: Row | undefined;
      let missing = 0;
      let unreadableHere = 0;
      while (found === undefined && (last === undefined ? missing < giveUpAfter : after < last)) {
        after += 1;
        missing += 1;
        try {
          found = one.get(after);
        } catch {
          unreadableHere += 1;
        }
      }
      // Behind the end that is not known, ids that cannot be read are not rows.
      if (found !== undefined || last !== undefined) unreadable += unreadableHere;
      if (found === undefined) return;
      yield found;
    }
  }
  return { rows: walk(), unreadable: () => unreadable };
}

/** The highest id that the table or one of its indexes names; undefined where none can be read. */
function lastId(database: DatabaseSync, table: string, key: string, indexes: readonly string[]): number | undefined {
  let last: number | undefined;
  for (const way of ['NOT INDEXED', ...indexes.map((index) => `INDEXED BY ${index}`)]) {
    try {
      const value = database.prepare(`SELECT max(${key}) AS last FROM ${table} ${way}`).get()?.['last'];
      if (typeof value === 'number') last = Math.max(last ?? 0, value);
    } catch {
      // Another way may be readable.
    }
  }
  return last;
}
