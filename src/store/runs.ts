import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { RunRecord, RunState } from '../core/index.ts';
import { FettleError, usageError } from '../core/index.ts';
import { decodeText, encodeText } from './hostile-text.ts';

export interface Runs {
  create(run: RunRecord): void;
  /** Throws `run-not-found`. */
  update(id: string, change: Partial<Omit<RunRecord, 'id'>>): void;
  /** By whole id or unique beginning. Throws a usage error that lists the candidates. */
  get(id: string): RunRecord | undefined;
  list(): RunRecord[];
  /** The number that rows of other tables hold. Throws `run-not-found`. */
  number(id: string): number;
  findNumber(id: string): number | undefined;
  /** After a rollback or deletion. */
  forget(): void;
}

type Column = (value: unknown) => SQLInputValue;

const plain: Column = (value) => (value === undefined ? null : (value as SQLInputValue));
const text: Column = (value) => encodeText(String(value));
const json: Column = (value) => (value === undefined ? null : JSON.stringify(value));

/** Fields of a run record, how each is kept and in which column. */
const columns: { readonly [field in keyof Required<Omit<RunRecord, 'id'>>]: readonly [string, Column] } = {
  benchmark: ['benchmark', text],
  mode: ['mode', text],
  state: ['state', text],
  createdAt: ['created_at', plain],
  updatedAt: ['updated_at', plain],
  config: ['config', json],
  hashes: ['hashes', json],
  total: ['total', plain],
  completed: ['completed', plain],
  failed: ['failed', plain],
  error: ['error', json],
  summary: ['summary', json],
};

const fields = Object.keys(columns) as (keyof typeof columns)[];
const listed = fields.map((field) => columns[field][0]).join(', ');

export function openRuns(database: DatabaseSync): Runs {
  const numbers = new Map<string, number>();
  const insert = database.prepare(`INSERT INTO runs (id, ${listed}) VALUES (?, ${fields.map(() => '?').join(', ')})`);
  const select = database.prepare(`SELECT id, ${listed} FROM runs WHERE id = ?`);
  const selectAll = database.prepare(`SELECT id, ${listed} FROM runs ORDER BY created_at DESC, number DESC`);
  const selectIds = database.prepare('SELECT id FROM runs ORDER BY created_at DESC, number DESC');
  const selectNumber = database.prepare('SELECT number FROM runs WHERE id = ?');

  const findNumber = (id: string): number | undefined => {
    const known = numbers.get(id);
    if (known !== undefined) return known;
    const row = selectNumber.get(encodeText(id));
    if (row === undefined) return undefined;
    if (numbers.size > 1000) numbers.clear();
    numbers.set(id, Number(row['number']));
    return Number(row['number']);
  };
  const missing = (id: string): FettleError =>
    new FettleError(`There is no run ${id} in this store.`, { code: 'run-not-found', where: id });

  return {
    create(run) {
      if (findNumber(run.id) !== undefined) {
        throw new FettleError(`There is a run ${run.id} already.`, { code: 'run-exists', where: run.id });
      }
      insert.run(encodeText(run.id), ...fields.map((field) => columns[field][1](run[field])));
    },
    update(id, change) {
      const changed = fields.filter((field) => field in change);
      if (findNumber(id) === undefined) throw missing(id);
      if (changed.length === 0) return;
      const set = changed.map((field) => `${columns[field][0]} = ?`).join(', ');
      const values = changed.map((field) => columns[field][1](change[field]));
      if (database.prepare(`UPDATE runs SET ${set} WHERE id = ?`).run(...values, encodeText(id)).changes === 0) {
        throw missing(id);
      }
    },
    get(id) {
      const row = select.get(encodeText(id));
      if (row !== undefined) return toRun(row);
      if (id === '') return undefined;
      const ids = selectIds.all().map((row) => decodeText(String(row['id'])));
      const candidates = ids.filter((candidate) => candidate.startsWith(id));
      if (candidates.length > 1) {
        const shown = candidates.slice(0, 10).join(', ') + (candidates.length > 10 ? ', …' : '');
        throw usageError(`${candidates.length} runs begin with "${id}": ${shown}.`, {
          code: 'run-ambiguous',
          where: id,
          hint: 'Write more of the id.',
        });
      }
      const found = candidates[0] === undefined ? undefined : select.get(encodeText(candidates[0]));
      return found === undefined ? undefined : toRun(found);
    },
    list: () => selectAll.all().map(toRun),
    number(id) {
      const number = findNumber(id);
      if (number === undefined) throw missing(id);
      return number;
    },
    findNumber,
    forget: () => numbers.clear(),
  };
}

function toRun(row: Record<string, SQLOutputValue>): RunRecord {
  const parsed = (name: string): unknown => (row[name] === null ? undefined : JSON.parse(String(row[name])));
  const optional = (name: string): unknown => (row[name] === null ? undefined : row[name]);
  return definedOnly({
    id: decodeText(String(row['id'])),
    benchmark: decodeText(String(row['benchmark'])),
    mode: decodeText(String(row['mode'])),
    state: decodeText(String(row['state'])) as RunState,
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
    config: parsed('config'),
    hashes: parsed('hashes'),
    total: optional('total'),
    completed: Number(row['completed']),
    failed: Number(row['failed']),
    error: parsed('error'),
    summary: parsed('summary'),
  }) as unknown as RunRecord;
}

/** Without the fields that are undefined: what was never set is absent again. */
function definedOnly(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
