import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, describe, expect, test } from 'vitest';
import { tmpdir } from 'node:os';
import { fettle, fettleJson, temporaryFolder } from '../support/cli.ts';
import { startEndpoint } from '../support/endpoint.ts';

interface RunJson {
  readonly run: string;
  readonly models: Record<string, string>;
  readonly usage: { readonly calls: number; readonly replayedCalls: number };
  readonly seconds: number;
  readonly samples: readonly {
    readonly id: string;
    readonly task: string;
    readonly value: number | null;
    readonly parsed: boolean;
    readonly epoch?: number;
  }[];
  readonly tasks: Record<string, { readonly n: number; readonly score: number | null }>;
  readonly groups: Record<string, number | null>;
  readonly overall: number | null;
}

function file(name: string, content: string | Uint8Array, folder = temporaryFolder()): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const jsonl = (...rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** A row a scorer: a reply that an exact comparison would miss, and what the scorer makes of it and of a wrong one. */
const scorers: readonly [scorer: string, reply: string, right: string, wrong: string, row?: object][] = [
  ['exact', ' Paris\n', 'Paris', 'paris'],
  ['includes', 'It is PARIS, I think.', 'Paris', 'Par'],
  ['choice', 'The answer is (B).', 'B', 'C', { choices: ['red', 'green', 'blue'] }],
  ['numeric', 'That makes $1,250.00 in all.', '1250', '125'],
  ['regex:code=(\\d+)', 'The code=42 opens it', '42', '24'],
];

describe('fettle run FILE', () => {
  test.each(scorers)('--scorer %s', async (scorer, reply, right, wrong, row = {}) => {
    const data = file(
      'mine.jsonl',
      jsonl({ input: 'One?', target: right, ...row }, { input: 'Two?', target: wrong, ...row }),
    );
    const choices = 'choices' in row ? ['--choices-field', 'choices'] : [];
    const args = [
      'run',
      data,
      '--model',
      `test:constant=${reply}`,
      '--home',
      temporaryFolder(),
      '--scorer',
      scorer,
      ...choices,
    ];
    const { json, code, stderr } = await fettleJson<RunJson>(args);
    expect(code, stderr).toBe(0);
    expect(json.samples.map(({ id, value }) => [id, value])).toEqual([
      ['mine#0', 1],
      ['mine#1', 0],
    ]);
    expect(json.overall).toBe(0.5);
    expect(json).toMatchObject({ usage: { calls: 2 }, models: { main: `test:constant=${reply}` } });
  });

  test('--scorer rouge-l gives parts of a point', async () => {
    const data = file('mine.jsonl', jsonl({ input: 'One?', target: 'the cat sat on the mat' }));
    const args = [
      'run',
      data,
      '--model',
      'test:constant=a cat sat',
      '--home',
      temporaryFolder(),
      '--scorer',
      'rouge-l',
    ];
    const { json } = await fettleJson<RunJson>(args);
    // Two of three and two of six tokens: 2 · (2/3 · 1/3) / (2/3 + 1/3).
    expect(json.overall).toBeCloseTo(4 / 9, 9);
  });

  test('--scorer judge asks the judge; without one it is not a number', async () => {
    const data = file('mine.jsonl', jsonl({ input: 'Capital of France?', target: 'Paris' }));
    const args = [
      'run',
      data,
      '--model',
      'test:constant=The City of Light',
      '--home',
      temporaryFolder(),
      '--scorer',
      'judge',
    ];
    const judged = await fettleJson<RunJson>([
      ...args,
      '--judge',
      'test:constant=It means the same.\nVerdict: correct',
    ]);
    expect(judged.json.overall).toBe(1);
    expect(judged.json.usage.calls).toBe(2);
    const refused = await fettleJson<RunJson>([...args, '--judge', 'test:constant=Verdict: incorrect']);
    expect(refused.json.overall).toBe(0);
    const unjudged = await fettle(args);
    expect(unjudged.code, 'before anything is paid').toBe(2);
    expect(unjudged.stderr).toMatch(/--judge/);
  });

  test.each(['csv', 'tsv', 'json', 'parquet'])('reads .%s', async (ending) => {
    const rows = [
      { question: 'a, or "b"?', answer: 'x', key: 'first' },
      { question: 'c?', answer: 'y', key: 'second' },
    ];
    const separator = ending === 'tsv' ? '\t' : ',';
    const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const names = ['question', 'answer', 'key'] as const;
    const content =
      ending === 'json'
        ? JSON.stringify(rows)
        : ending === 'parquet'
          ? new Uint8Array(
              parquetWriteBuffer({
                columnData: names.map((name) => ({ name, data: rows.map((row) => row[name]), type: 'STRING' })),
              }),
            )
          : [names.join(separator), ...rows.map((row) => names.map((name) => cell(row[name])).join(separator))].join(
              '\n',
            );
    const data = file(`table.${ending}`, content);
    const fields = ['--input-field', 'question', '--target-field', 'answer', '--id-field', 'key'];
    const { json, code, stderr } = await fettleJson<RunJson>([
      'run',
      data,
      '--model',
      'test:constant=x',
      '--home',
      temporaryFolder(),
      ...fields,
    ]);
    expect(code, stderr).toBe(0);
    expect(json.samples.map(({ id, value }) => [id, value])).toEqual([
      ['first', 1],
      ['second', 0],
    ]);
  });

  test('a task module imports fettle wherever it lies', async () => {
    const module = file(
      'colours.ts',
      `import { defineTask, exact, type Sample } from 'fettle';
const rows: Sample[] = ['red', 'blue'].map((target) => ({ id: target, input: [{ role: 'user', content: 'Say red' }], target, metadata: {} }));
export default defineTask({ name: 'colours', samples: () => rows, scorers: [exact()] });
`,
    );
    const { json, code, stderr } = await fettleJson<RunJson>([
      'run',
      module,
      '--model',
      'test:constant=red',
      '--home',
      temporaryFolder(),
    ]);
    expect(code, stderr).toBe(0);
    expect(json.tasks['colours']).toMatchObject({ n: 2, score: 0.5 });
  });
});

describe('exit codes', () => {
  const data = (): string => file('mine.jsonl', jsonl({ input: 'One?', target: 'x' }, { input: 'Two?', target: 'y' }));

  test('3 below --fail-under, 0 at it', async () => {
    const args = ['run', data(), '--model', 'test:constant=x', '--home', temporaryFolder()];
    expect((await fettle([...args, '--fail-under', '0.5'])).code).toBe(0);
    const missed = await fettleJson([
      'run',
      data(),
      '--model',
      'test:constant=x',
      '--home',
      temporaryFolder(),
      '--fail-under',
      '0.51',
    ]);
    expect(missed.code).toBe(3);
    expect(missed.stderr).toMatch(/gate missed: overall is 0\.5000, below 0\.51/);
  });

  test.each<[string, (data: string) => string[], RegExp]>([
    ['an unknown command', () => ['rum'], /unknown command/],
    ['an unknown option', (file) => ['run', file, '--model', 'test:echo', '--modle', 'x'], /unknown option/],
    ['no model', (file) => ['run', file], /--model/],
    ['an unknown benchmark', () => ['run', 'shoping-mmlu', '--model', 'test:echo'], /shopping-mmlu/],
    ['an unknown scorer', (file) => ['run', file, '--model', 'test:echo', '--scorer', 'exakt'], /Scorers: exact/],
    ['an unknown model', (file) => ['run', file, '--model', 'tset:echo'], /tset/],
    ['an unknown method', (file) => ['run', file, '--model', 'test:echo', '--method', 'direkt'], /direct/],
    ['a bad budget', (file) => ['run', file, '--model', 'test:echo', '--budget', 'cals=3'], /budget/],
    ['a file that is not there', () => ['run', './nothing.jsonl', '--model', 'test:echo'], /nothing\.jsonl/],
    ['a limit that is no number', () => ['runs', '--limit', 'abc'], /whole number/],
    ['an unknown run', () => ['show', 'nothing'], /fettle runs/],
  ])('2 for %s', async (_what, args, message) => {
    const end = await fettle([...args(data()), '--home', temporaryFolder()]);
    expect(end.stderr).toMatch(message);
    expect(end.stderr).not.toMatch(/fault in Fettle/);
    expect(end.stdout).toBe('');
    expect(end.code).toBe(2);
  });

  test('2 with --json is one document that holds the error', async () => {
    const end = await fettleJson<{ error: { code: string; message: string } }>([
      'show',
      'nothing',
      '--home',
      temporaryFolder(),
    ]);
    expect(end.json.error).toMatchObject({ code: 'unknown-run' });
    expect(end.code).toBe(2);
  });

  test('1 for a field that a row lacks, with file, line and what there is', async () => {
    const args = ['run', data(), '--model', 'test:echo', '--input-field', 'question', '--home', temporaryFolder()];
    const end = await fettle(args);
    expect(end.code).toBe(1);
    expect(end.stderr).toMatch(/mine\.jsonl:1/);
    expect(end.stderr).toMatch(/"question"/);
    expect(end.stderr).toMatch(/The row has input, target/);
  });

  test('1 when no sample could be answered', async () => {
    const args = ['run', data(), '--model', 'http://127.0.0.1:9/v1#nobody', '--home', temporaryFolder()];
    const endpoint = await startEndpoint({
      handle: (_request, response) => {
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: { message: 'no such model' } }));
        return true;
      },
    });
    args[3] = endpoint.model;
    const end = await fettleJson<RunJson>(args);
    expect(end.code).toBe(1);
    expect(end.stderr + end.stdout).toMatch(/no such model/);
    expect(end.json.samples.every(({ value }) => value === 0)).toBe(true);
  });
});

test('a budget of calls stops the run; resume with a larger one completes it', async () => {
  const home = temporaryFolder();
  const endpoint = await startEndpoint({ reply: () => 'x' });
  const rows = Array.from({ length: 20 }, (_, i) => ({ input: `Question ${i}?`, target: 'x' }));
  const args = [
    'run',
    file('mine.jsonl', jsonl(...rows)),
    '--model',
    endpoint.model,
    '--home',
    home,
    '--concurrency',
    '2',
  ];
  const stopped = await fettleJson<RunJson>([...args, '--budget', 'calls=6']);
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toMatch(/budget/);
  expect(stopped.stderr).toMatch(/resume/);
  expect(endpoint.seen.length).toBeGreaterThanOrEqual(6);
  expect(endpoint.seen.length).toBeLessThanOrEqual(8);
  const again = await fettle(['resume', 'last', '--home', home]);
  expect(again.code).toBe(1);
  expect(endpoint.seen.length).toBeLessThanOrEqual(8);
  const resumed = await fettleJson<RunJson>(['resume', 'last', '--home', home, '--budget', 'calls=100']);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.json.samples).toHaveLength(20);
  expect(endpoint.seen).toHaveLength(20);
});

test('--cache answers deterministic requests from earlier runs', async () => {
  const home = temporaryFolder();
  const endpoint = await startEndpoint();
  const data = file('mine.jsonl', jsonl({ input: 'One?', target: '0' }, { input: 'Two?', target: '1' }));
  const args = ['run', data, '--model', endpoint.model, '--home', home, '--temperature', '0', '--cache'];
  const first = await fettleJson<RunJson>(args);
  const second = await fettleJson<RunJson>(args);
  expect(endpoint.seen).toHaveLength(2);
  expect(second.json.usage.replayedCalls).toBe(2);
  expect(second.json.samples).toEqual(first.json.samples);
  expect(second.json.run).not.toBe(first.json.run);
});

test('--epochs 2 answers every sample twice, with seeds of their own', async () => {
  const endpoint = await startEndpoint();
  const data = file(
    'mine.jsonl',
    jsonl({ id: 'a', input: 'One?', target: '0' }, { id: 'b', input: 'Two?', target: '1' }),
  );
  const { json } = await fettleJson<RunJson>([
    'run',
    data,
    '--model',
    endpoint.model,
    '--home',
    temporaryFolder(),
    '--epochs',
    '2',
    '--limit',
    '1',
  ]);
  expect(json.samples.map(({ id, epoch }) => [id, epoch])).toEqual([
    ['a', 1],
    ['a', 2],
  ]);
  expect(new Set(endpoint.seen.map(({ seed }) => seed)).size).toBe(2);
  expect(Object.values(json.tasks)[0]?.n).toBe(1);
});

describe('stored runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fettle-test-'));
  const home = join(folder, 'home');
  let first: RunJson;
  let second: RunJson;

  beforeAll(async () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({
      id: `q${i}`,
      input: `Question ${i}?`,
      target: i < 9 ? 'x' : 'y',
    }));
    const data = file('mine.jsonl', jsonl(...rows), folder);
    first = (await fettleJson<RunJson>(['run', data, '--model', 'test:constant=x', '--home', home])).json;
    second = (await fettleJson<RunJson>(['run', data, '--model', 'test:constant=y', '--home', home])).json;
    return () => rmSync(folder, { recursive: true, force: true });
  });

  test('runs lists them, newest first', async () => {
    const { json } = await fettleJson<{ id: string; state: string }[]>(['runs', '--home', home]);
    expect(json.map(({ id, state }) => [id, state])).toEqual([
      [second.run, 'completed'],
      [first.run, 'completed'],
    ]);
    const table = await fettle(['runs', '--home', home]);
    expect(table.stdout).toContain(first.run);
    expect(table.stdout).toContain('0.7500');
  });

  test('show RUN gives what run gave; a unique beginning will do', async () => {
    const shown = await fettleJson<RunJson>(['show', first.run, '--home', home]);
    expect(shown.json).toEqual(first);
    // Also in the order of its keys: scripts compare the bytes.
    expect(JSON.stringify(shown.json)).toBe(JSON.stringify(first));
    const table = await fettle(['show', first.run, '--home', home]);
    expect(table.stdout).toMatch(/mine\s+12\s+0\.750/);
  });

  test('show RUN SAMPLE gives the messages, the answer and the calls', async () => {
    const text = await fettle(['show', first.run, 'q3', '--home', home]);
    expect(text.code, text.stderr).toBe(0);
    expect(text.stdout).toContain('Question 3?');
    expect(text.stdout).toMatch(/call 1: generate to test:constant=x/);
    const { json } = await fettleJson<{ sampleId: string; calls: unknown[] }>([
      'show',
      first.run,
      'q3',
      '--home',
      home,
    ]);
    expect(json.sampleId).toBe('q3');
    expect(json.calls).toHaveLength(1);
    const missing = await fettle(['show', first.run, 'q99', '--home', home]);
    expect(missing.code).toBe(2);
  });

  test('compare is paired by sample', async () => {
    const end = await fettleJson(['compare', first.run, second.run, '--home', home]);
    expect(end.code, end.stderr).toBe(0);
    expect(JSON.stringify(end.json)).toMatch(/-0\.5/);
    const table = await fettle(['compare', first.run, second.run, '--home', home]);
    expect(table.stdout).toMatch(/-0\.50|−0\.50/);
  });

  test('report writes one HTML file', async () => {
    const out = join(folder, 'report.html');
    const end = await fettleJson(['report', first.run, second.run, '--out', out, '--home', home]);
    expect(end.code, end.stderr).toBe(0);
    expect(readFileSync(out, 'utf8')).toMatch(/^<!doctype html>/i);
    expect(readFileSync(out, 'utf8')).toContain(second.run);
    const again = ['report', first.run, '--out', out, '--home', home];
    expect((await fettle(again)).code, 'a file is not overwritten without --force').toBe(2);
    expect((await fettle([...again, '--force'])).code).toBe(0);
  });

  test.each([
    ['inspect', 'eval', 'PK'],
    ['jsonl', 'jsonl', '{'],
    ['csv', 'csv', ''],
    ['parquet', 'parquet', 'PAR1'],
  ])('export --format %s', async (format, ending, magic) => {
    const out = join(folder, `run.${ending}`);
    const end = await fettleJson(['export', first.run, '--format', format, '--out', out, '--home', home]);
    expect(end.code, end.stderr).toBe(0);
    expect(readFileSync(out, 'latin1').startsWith(magic)).toBe(true);
    if (format === 'jsonl') expect(readFileSync(out, 'utf8').trimEnd().split('\n')).toHaveLength(12);
    if (format === 'csv') expect(readFileSync(out, 'utf8')).toContain('q11');
    const again = await fettle(['export', first.run, '--format', format, '--out', out, '--home', home]);
    expect(again.code, 'a file is not overwritten without --force').not.toBe(0);
  });

  test('runs --delete removes one', async () => {
    const third = await fettleJson<RunJson>([
      'run',
      join(folder, 'mine.jsonl'),
      '--model',
      'test:echo',
      '--limit',
      '1',
      '--home',
      home,
    ]);
    expect((await fettle(['runs', '--delete', third.json.run, '--home', home])).code).toBe(0);
    expect((await fettleJson<unknown[]>(['runs', '--home', home])).json).toHaveLength(2);
    expect(existsSync(home)).toBe(true);
  });
});
