import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { decodeText } from './hostile-text.ts';
import { readableRows, type ReadableRows, type Row } from './readable-rows.ts';
import { requestHead } from './shared-inputs.ts';

export interface SalvageCounts {
  readonly runs: number;
  readonly calls: number;
  readonly results: number;
}

export interface SalvagedRows {
  readonly kept: SalvageCounts;
  /** Rows that could not be read, or whose content is no longer what was written. An estimate for unreadable pages. */
  readonly lost: SalvageCounts;
}

const rowsPerTransaction = 1000;

/**
 * Copies what can be read of `from` into the empty store `into`, keeping row ids.
 * A row is kept when its JSON parses and the names that it refers to are known. A result whose input stood in a call
 * that is lost is given up too: its sample is run again on resume, with the calls that are left.
 */
export function salvageRows(from: DatabaseSync, into: DatabaseSync): SalvagedRows {
  into.exec('BEGIN');
  const names = copyNames(from, into);
  const runs = copyTable(from, into, 'runs', 'number', ["sqlite_autoindex_runs_1 WHERE id >= ''"], (row) =>
    isRunIntact(row),
  );
  const known = new Set(
    into
      .prepare('SELECT number FROM runs')
      .all()
      .map((row) => Number(row['number'])),
  );
  const orphans = new Set<number>();
  const noteRun = (row: Row): boolean => {
    const run = Number(row['run']);
    if (!known.has(run)) orphans.add(run);
    return names.has(Number(row['task']));
  };
  const calls = copyTable(
    from,
    into,
    'calls',
    'id',
    ['calls_by_sample WHERE run > 0'],
    (row) => isCallIntact(row) && noteRun(row),
  );
  const request = into.prepare('SELECT request FROM calls WHERE id = ?');
  const results = copyTable(
    from,
    into,
    'results',
    'id',
    ['results_by_sample WHERE run > 0', 'results_by_position WHERE run > 0'],
    (row) => isResultIntact(row, request) && noteRun(row),
  );
  for (const run of orphans) adoptOrphans(from, into, run);
  into.exec('COMMIT');
  return {
    kept: { runs: runs.kept, calls: calls.kept, results: results.kept },
    lost: { runs: Math.max(runs.lost, orphans.size), calls: calls.lost, results: results.lost },
  };
}

function copyTable(
  from: DatabaseSync,
  into: DatabaseSync,
  table: string,
  key: string,
  indexes: readonly string[],
  isIntact: (row: Row) => boolean,
): { kept: number; lost: number } {
  let [kept, lost] = [0, 0];
  let insert: StatementSync | undefined;
  const source: ReadableRows = readableRows(from, table, key, indexes);
  for (const row of source.rows) {
    const columns = Object.keys(row);
    insert ??= into.prepare(
      `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    );
    let copied = false;
    try {
      copied = isIntact(row) && insert.run(...Object.values(row)).changes === 1;
    } catch {
      // A constraint that the damaged row does not meet.
    }
    if (copied) kept += 1;
    else lost += 1;
    if (copied && kept % rowsPerTransaction === 0) into.exec('COMMIT; BEGIN');
  }
  return { kept, lost: lost + source.unreadable() };
}

/** Names stand in the table and in the index of its UNIQUE constraint; either will do. */
function copyNames(from: DatabaseSync, into: DatabaseSync): Set<number> {
  const names = new Map<number, string>();
  const add = (row: Row): void => {
    if (typeof row['name'] === 'string' && !names.has(Number(row['number'])))
      names.set(Number(row['number']), row['name']);
  };
  for (const row of readableRows(from, 'names', 'number', ["sqlite_autoindex_names_1 WHERE name >= ''"]).rows) add(row);
  try {
    const index = from.prepare('SELECT number, name FROM names INDEXED BY sqlite_autoindex_names_1 WHERE name >= ?');
    for (const row of index.iterate('')) add(row);
  } catch {
    // What the table gave is all there is.
  }
  const insert = into.prepare('INSERT OR IGNORE INTO names (number, name) VALUES (?, ?)');
  for (const [number, name] of names) insert.run(number, name);
  return new Set(names.keys());
}

/** A run whose own row is lost, but not its calls and results: they can be looked at and exported, not resumed. */
function adoptOrphans(from: DatabaseSync, into: DatabaseSync, run: number): void {
  let id: unknown;
  try {
    const ids = from.prepare('SELECT id, number FROM runs INDEXED BY sqlite_autoindex_runs_1 WHERE id >= ?').all('');
    id = ids.find((row) => row['number'] === run)?.['id'];
  } catch {
    // The index is lost as well.
  }
  const results = `FROM results WHERE run = ${run} AND completed`;
  const time = `ifnull((SELECT min(started_at) FROM calls WHERE run = ${run}), 0)`;
  const error = { code: 'salvaged', message: 'The record of this run was lost when the store was damaged.' };
  into
    .prepare(
      `INSERT OR IGNORE INTO runs (number, id, benchmark, mode, state, created_at, updated_at, config, hashes, completed, failed, error)
       VALUES (?, ?, '?', '?', 'failed', ${time}, ${time}, '{}', '{"data":"","code":""}',
         (SELECT count(*) ${results} = 1), (SELECT count(*) ${results} = 0), ?)`,
    )
    .run(run, typeof id === 'string' ? id : `salvaged-${run}`, JSON.stringify(error));
}

function isRunIntact(row: Row): boolean {
  return ['config', 'hashes', 'error', 'summary'].every((column) => row[column] === null || isJson(row[column]));
}

function isCallIntact(row: Row): boolean {
  return isJson(row['request']) && isJson(row['response']);
}

function isResultIntact(row: Row, request: StatementSync): boolean {
  if (!isJson(row['body'])) return false;
  if (row['input_call'] === null) return isJson(row['input']);
  const text = request.get(row['input_call'] ?? null)?.['request'];
  if (typeof text !== 'string') return false;
  return isJson(decodeText(text).slice(requestHead.length, requestHead.length + Number(row['input_length'])));
}

function isJson(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  try {
    JSON.parse(decodeText(text));
    return true;
  } catch {
    return false;
  }
}
