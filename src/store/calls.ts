import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { CallRecord, ModelRole } from '../core/index.ts';
import { decodeKey, encodeKey } from './hex-key.ts';
import { decodeText, encodeText } from './hostile-text.ts';
import type { Names } from './names.ts';
import type { SharedInputs } from './shared-inputs.ts';

export interface Calls {
  append(run: number, call: CallRecord): void;
  of(run: number, task: string, sampleId: string, epoch: number): Map<string, CallRecord>;
  byId(id: number): CallRecord | undefined;
  /** Row ids of a run's calls in the order of insertion. */
  ids(run: number): Float64Array;
  /** A bounded number of the calls with these ids, from a place in the list on, and the place to go on from. */
  page(ids: Float64Array, from: number): { readonly calls: CallRecord[]; readonly next: number };
}

const columns = `sample, task, epoch, position, role, kind, model, key, cache_key,
  input_tokens, output_tokens, attempts, started_at, latency_ms, response, request`;

/** A page ends after this many characters of text or rows, whichever comes first. */
const pageCharacters = 2_000_000;
const pageRows = 256;

export function openCalls(database: DatabaseSync, names: Names, inputs: SharedInputs): Calls {
  const insert = database.prepare(
    `INSERT INTO calls (run, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const selectSample = database.prepare(
    `SELECT id, ${columns} FROM calls WHERE run = ? AND sample = ? AND task = ? AND epoch = ? ORDER BY id`,
  );
  const selectId = database.prepare(`SELECT ${columns} FROM calls WHERE id = ?`);
  // The order of the index is by sample; sorting ids costs far less than sorting rows or searching the whole table.
  const selectIds = database.prepare('SELECT id FROM calls INDEXED BY calls_by_sample WHERE run = ?');
  const toCall = (row: Record<string, SQLOutputValue>): CallRecord => ({
    task: names.name(Number(row['task'])),
    sampleId: decodeText(String(row['sample'])),
    epoch: Number(row['epoch']),
    key: decodeKey(row['key']),
    cacheKey: row['cache_key'] === null ? null : decodeKey(row['cache_key']),
    position: Number(row['position']),
    role: row['role'] as ModelRole,
    kind: row['kind'] as CallRecord['kind'],
    model: names.name(Number(row['model'])),
    request: decodeText(String(row['request'])),
    response: decodeText(String(row['response'])),
    inputTokens: Number(row['input_tokens']),
    outputTokens: Number(row['output_tokens']),
    attempts: Number(row['attempts']),
    startedAt: Number(row['started_at']),
    latencyMs: Number(row['latency_ms']),
  });

  return {
    append(run, call) {
      const { lastInsertRowid } = insert.run(
        run,
        encodeText(call.sampleId),
        names.number(call.task),
        call.epoch,
        call.position,
        call.role,
        call.kind,
        names.number(call.model),
        encodeKey(call.key),
        call.cacheKey === null ? null : encodeKey(call.cacheKey),
        call.inputTokens,
        call.outputTokens,
        call.attempts,
        call.startedAt,
        call.latencyMs,
        encodeText(call.response),
        encodeText(call.request),
      );
      if (call.position === 0) inputs.remember(run, call, Number(lastInsertRowid));
    },
    of(run, task, sampleId, epoch) {
      const calls = new Map<string, CallRecord>();
      const number = names.find(task);
      if (number === undefined) return calls;
      for (const row of selectSample.iterate(run, encodeText(sampleId), number, epoch)) {
        const call = toCall(row);
        calls.set(call.key, call);
        if (call.position === 0) inputs.remember(run, call, Number(row['id']));
      }
      return calls;
    },
    byId(id) {
      const row = selectId.get(id);
      return row === undefined ? undefined : toCall(row);
    },
    ids(run) {
      let ids = new Float64Array(1024);
      let count = 0;
      for (const row of selectIds.iterate(run)) {
        if (count === ids.length) {
          const larger = new Float64Array(count * 2);
          larger.set(ids);
          ids = larger;
        }
        ids[count++] = Number(row['id']);
      }
      return ids.subarray(0, count).sort();
    },
    page(ids, from) {
      const calls: CallRecord[] = [];
      let characters = 0;
      let next = from;
      while (next < ids.length && calls.length < pageRows && characters < pageCharacters) {
        const row = selectId.get(ids[next++] as number);
        // Deleted in the meantime.
        if (row === undefined) continue;
        const call = toCall(row);
        calls.push(call);
        characters += call.request.length + call.response.length;
      }
      return { calls, next };
    },
  };
}
