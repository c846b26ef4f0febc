import type { DatabaseSync } from 'node:sqlite';
import { FettleError } from '../core/index.ts';
import { scalar } from './sqlite.ts';

/** `FTTL`: tells a Fettle store from other SQLite files. */
export const applicationId = 0x4654_544c;

/**
 * One text per schema version; the n-th brings a store from version n to n + 1.
 * Texts that were released are never edited: a change is a new text at the end.
 *
 * Names of tasks and models repeat in every row, so rows hold numbers of `names`.
 * Rows are appended in the order of writing: few pages change in a transaction, which is most of its cost.
 * A result's input usually stands in the request of the sample's first call; then it is not kept twice:
 * `input_call` names that call, and the input is the `input_length` UTF-16 units behind `{"messages":`.
 * `cached_calls` is derived from `calls` up to the id in `marks`, and made only when somebody asks for it:
 * keys are random, and an index of random keys would change a page for every row.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    benchmark TEXT NOT NULL,
    mode TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    config TEXT NOT NULL,
    hashes TEXT NOT NULL,
    total INTEGER,
    completed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    error TEXT,
    summary TEXT
  );
  CREATE TABLE names (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  );
  CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    sample TEXT NOT NULL,
    task INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    position INTEGER NOT NULL,
    role TEXT NOT NULL,
    kind TEXT NOT NULL,
    model INTEGER NOT NULL,
    key BLOB NOT NULL,
    cache_key BLOB,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    latency_ms REAL NOT NULL,
    response TEXT NOT NULL,
    request TEXT NOT NULL
  );
  CREATE INDEX calls_by_sample ON calls (run, sample, task, epoch);
  CREATE TABLE results (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    sample TEXT NOT NULL,
    task INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    position INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    input_call INTEGER,
    input_length INTEGER,
    input TEXT,
    body TEXT NOT NULL
  );
  CREATE UNIQUE INDEX results_by_sample ON results (run, sample, task, epoch);
  CREATE INDEX results_by_position ON results (run, position, epoch, completed);
  CREATE TABLE cached_calls (
    key INTEGER PRIMARY KEY,
    call INTEGER NOT NULL
  );
  CREATE TABLE marks (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
  ) WITHOUT ROWID;
  `,
];

/** Brings the database to the newest version, in one transaction. Throws `store-newer` and `store-foreign`. */
export function migrate(database: DatabaseSync, file: string): void {
  if (versionOf(database, file) === migrations.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have migrated between the look and the lock.
    for (const text of migrations.slice(versionOf(database, file))) database.exec(text);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}; COMMIT`);
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: DatabaseSync, file: string): number {
  const version = Number(scalar(database, 'PRAGMA user_version'));
  const application = Number(scalar(database, 'PRAGMA application_id'));
  const tables = Number(scalar(database, 'SELECT count(*) FROM sqlite_schema'));
  if (application !== applicationId && (tables > 0 || version > 0)) {
    throw new FettleError('This SQLite file was not made by Fettle.', {
      code: 'store-foreign',
      where: file,
      hint: 'Name another folder with --home or FETTLE_HOME.',
    });
  }
  if (version > migrations.length) {
    throw new FettleError(
      `The store has schema version ${version}; this version of Fettle knows up to ${migrations.length}.`,
      { code: 'store-newer', where: file, hint: 'Update Fettle, or name another folder with --home or FETTLE_HOME.' },
    );
  }
  return version;
}
