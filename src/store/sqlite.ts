import type * as sqlite from 'node:sqlite';

export type SqliteModule = typeof sqlite;

let loaded: Promise<SqliteModule> | undefined;

/**
 * `node:sqlite`, loaded on first use and without the notice that some versions of Node print about it.
 * The notice goes through `process.emitWarning`, which is put back before this resolves.
 */
export function loadSqlite(): Promise<SqliteModule> {
  loaded ??= (async () => {
    const emit = process.emitWarning;
    process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
      if (String(warning).includes('SQLite is an experimental feature')) return;
      Reflect.apply(emit, process, [warning, ...rest]);
    }) as typeof process.emitWarning;
    try {
      return await import('node:sqlite');
    } finally {
      process.emitWarning = emit;
    }
  })();
  return loaded;
}

/** First column of the first row. */
export function scalar(database: sqlite.DatabaseSync, sql: string): unknown {
  const row = database.prepare(sql).get();
  return row === undefined ? undefined : Object.values(row)[0];
}
