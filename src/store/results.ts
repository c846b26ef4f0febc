import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { SampleResult, SettledScore } from '../core/index.ts';
import { FettleError } from '../core/index.ts';
import { decodeText, encodeText } from './hostile-text.ts';
import type { Names } from './names.ts';
import { requestHead, type SharedInputs } from './shared-inputs.ts';
import { createSlots, type Slots } from './slots.ts';

/** Where the reading of a run's results has come to. */
export interface ResultsMark {
  readonly position: number;
  readonly epoch: number;
  readonly id: number;
}

export interface Results {
  save(run: number, result: SampleResult): void;
  replaceScores(run: number, changes: readonly SettledScore[]): void;
  of(run: number, sampleId: string, epoch: number | undefined): SampleResult | undefined;
  completed(run: number): Slots;
  /** A bounded number of results after a mark, in the order of index and epoch, and where to go on. */
  page(
    run: number,
    after: ResultsMark | undefined,
  ): { readonly results: SampleResult[]; readonly last: ResultsMark | undefined };
}

/** A page ends after this many characters of text or rows, whichever comes first. */
const pageCharacters = 2_000_000;
const pageRows = 256;

const columns =
  'r.id, r.sample, r.task, r.epoch, r.position, r.completed, r.input_call, r.input_length, r.input, r.body, c.request';
const source = 'results r LEFT JOIN calls c ON c.id = r.input_call';

export function openResults(database: DatabaseSync, names: Names, inputs: SharedInputs): Results {
  const upsert = database.prepare(
    `INSERT INTO results (run, sample, task, epoch, position, completed, input_call, input_length, input, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run, sample, task, epoch) DO UPDATE
     SET position = excluded.position, completed = excluded.completed, input_call = excluded.input_call,
         input_length = excluded.input_length, input = excluded.input, body = excluded.body`,
  );
  const selectSample = database.prepare(
    `SELECT ${columns} FROM ${source} WHERE r.run = ? AND r.sample = ? AND r.epoch = ifnull(?, r.epoch)
     ORDER BY r.position, r.epoch LIMIT 1`,
  );
  const selectBody = database.prepare(
    'SELECT id, body FROM results WHERE run = ? AND sample = ? AND task = ? AND epoch = ?',
  );
  const updateBody = database.prepare('UPDATE results SET body = ? WHERE id = ?');
  const selectPage = database.prepare(
    `SELECT ${columns} FROM ${source} WHERE r.run = ? AND (r.position, r.epoch, r.id) > (?, ?, ?)
     ORDER BY r.position, r.epoch, r.id`,
  );
  const selectCompleted = database.prepare(
    'SELECT position, epoch FROM results INDEXED BY results_by_position WHERE run = ? AND completed = 1',
  );

  const toResult = (row: Record<string, SQLOutputValue>): SampleResult => ({
    task: names.name(Number(row['task'])),
    sampleId: decodeText(String(row['sample'])),
    epoch: Number(row['epoch']),
    index: Number(row['position']),
    status: row['completed'] === 1 ? 'completed' : 'failed',
    input: JSON.parse(inputOf(row)) as SampleResult['input'],
    ...(JSON.parse(String(row['body'])) as Body),
  });

  return {
    save(run, result) {
      const inputJson = JSON.stringify(result.input);
      const shared = inputs.take(run, result, inputJson);
      upsert.run(
        run,
        encodeText(result.sampleId),
        names.number(result.task),
        result.epoch,
        result.index,
        result.status === 'completed' ? 1 : 0,
        shared?.call ?? null,
        shared?.length ?? null,
        shared === undefined ? inputJson : null,
        bodyOf(result),
      );
    },
    replaceScores(run, changes) {
      for (const { task, sampleId, epoch, scorer, score } of changes) {
        const row = selectBody.get(run, encodeText(sampleId), names.find(task) ?? null, epoch);
        if (row === undefined) continue;
        const body = JSON.parse(String(row['body'])) as Body;
        updateBody.run(JSON.stringify({ ...body, scores: { ...body.scores, [scorer]: score } }), Number(row['id']));
      }
    },
    of(run, sampleId, epoch) {
      const row = selectSample.get(run, encodeText(sampleId), epoch ?? null);
      return row === undefined ? undefined : toResult(row);
    },
    completed(run) {
      const slots = createSlots();
      for (const row of selectCompleted.iterate(run)) slots.add(Number(row['position']), Number(row['epoch']));
      return slots;
    },
    page(run, after) {
      const results: SampleResult[] = [];
      let last: ResultsMark | undefined;
      let characters = 0;
      const { position, epoch, id } = after ?? { position: -1, epoch: 0, id: 0 };
      for (const row of selectPage.iterate(run, position, epoch, id)) {
        results.push(toResult(row));
        last = { position: Number(row['position']), epoch: Number(row['epoch']), id: Number(row['id']) };
        characters += String(row['body']).length + String(row['input'] ?? row['request']).length;
        if (results.length >= pageRows || characters >= pageCharacters) break;
      }
      return { results, last };
    },
  };
}

/** What is not in a column of its own. The type makes sure that no field of a result is forgotten. */
type Body = {
  [
    field in keyof Required<Omit<SampleResult, 'task' | 'sampleId' | 'epoch' | 'index' | 'status' | 'input'>>
  ]: SampleResult[field];
};

/** Written out: spreading and deleting costs more than the rest of the row. */
function bodyOf(result: SampleResult): string {
  const body: Body = {
    target: result.target,
    choices: result.choices,
    group: result.group,
    labels: result.labels,
    metadata: result.metadata,
    answer: result.answer,
    scores: result.scores,
    error: result.error,
    usage: result.usage,
    trace: result.trace,
    startedAt: result.startedAt,
    durationMs: result.durationMs,
  };
  return JSON.stringify(body);
}

/** The JSON of a result's input, from its own row or out of the request that holds it. */
function inputOf(row: Record<string, SQLOutputValue>): string {
  if (row['input_call'] === null) return String(row['input']);
  if (typeof row['request'] !== 'string') {
    throw new FettleError('A result refers to a call that is not in the store.', {
      code: 'store-damaged',
      where: `results, row ${String(row['id'])}`,
      hint: '`fettle runs --salvage` copies every readable row into a fresh store and keeps the damaged file.',
    });
  }
  const request = decodeText(row['request']);
  return request.slice(requestHead.length, requestHead.length + Number(row['input_length']));
}
