import type { DatabaseSync } from 'node:sqlite';
import type { SampleResult } from '../core/index.ts';
import { FettleError } from '../core/index.ts';
import { encodeText } from './hostile-text.ts';
import type { Names } from './names.ts';

export interface Results {
  /** Throws `result-out-of-range` for an index or epoch that a row id cannot hold. */
  save(run: number, result: SampleResult): void;
  of(run: number, sampleId: string, epoch: number | undefined): SampleResult | undefined;
  completed(run: number): { has(index: number, epoch: number): boolean; readonly size: number };
  /** Up to a bounded number of results after `afterId`, in the order of index and epoch, and where to go on. */
  page(run: number, afterId: bigint): { readonly results: SampleResult[]; readonly lastId: bigint | undefined };
}

const epochBits = 14n;
const indexBits = 28n;
const runBits = epochBits + indexBits;
const maxEpoch = 2 ** Number(epochBits) - 1;
const maxIndex = 2 ** Number(indexBits) - 1;

/** The first row id of a run's results; those of the next run follow on the last. */
export const firstResultId = (run: number): bigint => BigInt(run) << runBits;

const pageCharacters = 2_000_000;
const pageRows = 256;

export function openResults(database: DatabaseSync, names: Names): Results {
  const upsert = database.prepare(
    `INSERT INTO results (id, run, sample, task, epoch, completed, body) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run, sample, task, epoch) DO UPDATE
     SET id = excluded.id, completed = excluded.completed, body = excluded.body`,
  );
  const selectSample = database.prepare(
    `SELECT body FROM results WHERE run = ? AND sample = ? AND epoch = ifnull(?, epoch)
     ORDER BY id LIMIT 1`,
  );
  const selectPage = database.prepare('SELECT id, body FROM results WHERE id > ? AND id < ? ORDER BY id');
  selectPage.setReadBigInts(true);
  const selectCompleted = database.prepare(
    'SELECT id - ? AS slot FROM results WHERE id >= ? AND id < ? AND completed = 1',
  );

  return {
    save(run, result) {
      const { index, epoch } = result;
      if (!(Number.isInteger(index) && index >= 0 && index <= maxIndex)) throw outOfRange('index', index, maxIndex);
      if (!(Number.isInteger(epoch) && epoch >= 0 && epoch <= maxEpoch)) throw outOfRange('epoch', epoch, maxEpoch);
      upsert.run(
        firstResultId(run) | BigInt(index * 2 ** Number(epochBits) + epoch),
        run,
        encodeText(result.sampleId),
        names.number(result.task),
        epoch,
        result.status === 'completed' ? 1 : 0,
        JSON.stringify(result),
      );
    },
    of(run, sampleId, epoch) {
      const row = selectSample.get(run, encodeText(sampleId), epoch ?? null);
      return row === undefined ? undefined : (JSON.parse(String(row['body'])) as SampleResult);
    },
    completed(run) {
      const first = firstResultId(run);
      const slots = new Set<number>();
      for (const row of selectCompleted.iterate(first, first, firstResultId(run + 1))) slots.add(Number(row['slot']));
      return {
        has: (index, epoch) => slots.has(index * 2 ** Number(epochBits) + epoch),
        size: slots.size,
      };
    },
    page(run, afterId) {
      const results: SampleResult[] = [];
      let lastId: bigint | undefined;
      let characters = 0;
      for (const row of selectPage.iterate(afterId, firstResultId(run + 1))) {
        const body = String(row['body']);
        results.push(JSON.parse(body) as SampleResult);
        lastId = row['id'] as bigint;
        characters += body.length;
        if (results.length >= pageRows || characters >= pageCharacters) break;
      }
      return { results, lastId };
    },
  };
}

function outOfRange(field: string, value: number, limit: number): FettleError {
  return new FettleError(`A result's ${field} is ${value}; the store keeps whole numbers from 0 to ${limit}.`, {
    code: 'result-out-of-range',
    where: field,
  });
}
