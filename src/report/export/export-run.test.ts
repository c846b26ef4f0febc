import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord, SampleResult, Store } from '../../core/index.ts';
import { makeResult } from '../__fixtures__/results.ts';
import { exportRun, type ExportFormat } from './export-run.ts';
import { inspectSampleId } from './inspect/sample-id.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fettle-export-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run: RunRecord = {
  id: 'r1',
  benchmark: 'own',
  mode: 'strict',
  state: 'completed',
  createdAt: 1_780_000_000_000,
  updatedAt: 1_780_000_000_000,
  config: {},
  hashes: { data: 'd', code: 'c' },
  completed: 3,
  failed: 0,
};

function storeOf(results: () => Iterable<SampleResult>): Store {
  const store: Pick<Store, 'getRun' | 'results' | 'callsOf' | 'getBlob'> = {
    getRun: async (id) => (id === 'r1' ? run : undefined),
    async *results() {
      yield* results();
    },
    callsOf: async () => new Map(),
    getBlob: async () => undefined,
  };
  return store as Store;
}

const awkward = [
  makeResult({ index: 0, sampleId: '=1+2', answer: { text: '-1' }, score: { explanation: 'say "hi", twice\nor not' } }),
  makeResult({ index: 1, sampleId: 's', answer: { text: '@SUM(A1)' }, target: [1, 2], score: { value: -0.5 } }),
  makeResult({
    index: 2,
    sampleId: 'ü',
    status: 'failed',
    answer: null,
    scores: {},
    error: { code: 'x', message: '+down' },
  }),
];

const write = async (format: ExportFormat, results: readonly SampleResult[] = awkward): Promise<string> => {
  const path = join(folder, `out.${format}`);
  expect(
    await exportRun(
      storeOf(() => results),
      'r1',
      format,
      path,
    ),
  ).toEqual({ path, results: results.length });
  return path;
};

describe('exportRun', () => {
  it('guards CSV cells against being run as formulas, and quotes what needs it', async () => {
    const rows = parse(await readFile(await write('csv')), { columns: true }) as Record<string, string>[];
    expect(rows.map((row) => row['id'])).toEqual(["'=1+2", 's', 'ü']);
    expect(rows.map((row) => row['reply'])).toEqual(["'-1", "'@SUM(A1)", '']);
    expect(rows.map((row) => row['value'])).toEqual(['1', '-0.5', '0']);
    expect(rows[0]?.['explanation']).toBe('say "hi", twice\nor not');
    expect(rows[1]?.['target']).toBe('[1,2]');
    expect(rows[2]).toMatchObject({ status: 'failed', error: "'+down", parsed: 'false' });
  });

  it('writes whole results as JSON Lines, readable as replies', async () => {
    const lines = (await readFile(await write('jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({
      run: 'r1',
      task: 'colours',
      id: '=1+2',
      epoch: 1,
      value: 1,
      parsed: true,
      reply: '-1',
    });
    expect(lines[1]).toMatchObject({ target: [1, 2], scores: { exact: { value: -0.5 } }, usage: { inputTokens: 40 } });
    expect(lines[2]).toMatchObject({ reply: null, status: 'failed', error: { message: '+down' } });
  });

  it('writes Parquet that another reader gives back typed and unchanged', async () => {
    const many = Array.from({ length: 12_000 }, (_, index) =>
      makeResult({ index, score: { value: index % 7 === 0 ? null : 0.25 } }),
    );
    const file = await asyncBufferFromFile(await write('parquet', many));
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(12_000);
    expect(rows[1]).toMatchObject({
      id: 's1',
      epoch: 1,
      value: 0.25,
      parsed: true,
      reply: '0',
      started_at: '2026-05-28T20:26:40.010Z',
    });
    expect(rows[7]?.['value']).toBeNull();
    const small = await parquetReadObjects({ file: await asyncBufferFromFile(await write2('parquet')) });
    expect(small.map((row) => row['id'])).toEqual(['=1+2', 's', 'ü']);
  });

  const write2 = async (format: ExportFormat): Promise<string> => {
    const path = join(folder, `second.${format}`);
    await exportRun(
      storeOf(() => awkward),
      'r1',
      format,
      path,
    );
    return path;
  };

  it.each(['inspect', 'jsonl', 'csv', 'parquet'] as const)('writes a run without results as %s', async (format) => {
    expect((await readFile(await write(format, []))).length).toBeGreaterThanOrEqual(format === 'jsonl' ? 0 : 10);
  });

  it('does not overwrite unless it is told to', async () => {
    const path = join(folder, 'there.csv');
    await writeFile(path, 'mine');
    const store = storeOf(() => awkward);
    await expect(exportRun(store, 'r1', 'csv', path)).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringContaining('--force'),
    });
    expect(await readFile(path, 'utf8')).toBe('mine');
    await exportRun(store, 'r1', 'csv', path, { force: true });
    expect(await readFile(path, 'utf8')).toMatch(/^run,/);
  });

  it.each(['inspect', 'jsonl', 'csv', 'parquet'] as const)(
    'leaves nothing behind when %s breaks half-way',
    async (format) => {
      const store = storeOf(function* () {
        yield awkward[0] as SampleResult;
        throw new Error('store broke');
      });
      await expect(exportRun(store, 'r1', format, join(folder, 'x'))).rejects.toThrow('store broke');
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('says what is wrong with a run, a format or a folder', async () => {
    const store = storeOf(() => []);
    await expect(exportRun(store, 'zzz', 'csv', join(folder, 'x'))).rejects.toMatchObject({ exitCode: 2 });
    await expect(exportRun(store, 'r1', 'xml' as ExportFormat, join(folder, 'x'))).rejects.toMatchObject({
      exitCode: 2,
    });
    await expect(exportRun(store, 'r1', 'csv', join(folder, 'no', 'x'))).rejects.toMatchObject({
      code: 'cannot-write',
    });
    await expect(exportRun(store, 'r1', 'csv', folder)).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('inspectSampleId', () => {
  it('is safe in a member name, short, and different for different samples', () => {
    const ids = [
      'a/b',
      'a%2Fb',
      'a_epoch_1',
      'a_epoch%5F1',
      'a\\b',
      'a\u0000b',
      'x'.repeat(5000),
      `${'x'.repeat(4999)}y`,
    ];
    const safe = ids.map((id) => inspectSampleId('t', id, true));
    expect(new Set(safe).size).toBe(ids.length);
    // eslint-disable-next-line no-control-regex
    for (const id of safe) expect(id).not.toMatch(/[/\\\u0000-\u001f]|_epoch_/);
    for (const id of safe) expect(id.length).toBeLessThan(200);
    expect(inspectSampleId('t', 'plain#1', false)).toBe('plain#1');
  });
});
