import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { callRecord, collect, messagesOf, runRecord, sampleResult } from './__fixtures__/records.ts';
import { temporaryFolder } from './__fixtures__/temporary-folder.ts';
import { databaseName, openStore } from './index.ts';
import { migrations } from './schema.ts';

test('gives back what was written, also after it was closed and opened again', async () => {
  const folder = join(temporaryFolder(), 'made', 'on', 'opening');
  const record = runRecord('run-a', { total: 3, config: { nested: { list: [1, null, 'x'] } } });
  const calls = [callRecord(0), callRecord(1, { cacheKey: null, role: 'judge', kind: 'embed' })];
  const results = [
    sampleResult(0),
    sampleResult(1, { status: 'failed', answer: null, error: { code: 'x', message: 'y' } }),
    sampleResult(2, { choices: ['A', 'B'], group: 'g', metadata: { a: [1] }, epoch: 2, trace: [{ type: 'step' }] }),
  ];
  let store = await openStore(folder);
  await store.createRun(record);
  await Promise.all(calls.map((call) => store.appendCall('run-a', call)));
  await Promise.all(results.map((result) => store.saveResult('run-a', result)));
  await store.updateRun('run-a', { state: 'completed', completed: 2, summary: { overall: 0.5 } });
  for (const round of ['written', 'reopened']) {
    expect(await store.getRun('run-a'), round).toEqual({
      ...record,
      state: 'completed',
      completed: 2,
      summary: { overall: 0.5 },
    });
    expect(await collect(store.calls('run-a'))).toEqual(calls);
    expect(await collect(store.results('run-a'))).toEqual(results);
    expect(await store.callsOf('run-a', 'task', 'sample-1', 1)).toEqual(new Map([[calls[1]?.key, calls[1]]]));
    expect(await store.resultOf('run-a', 'sample-2')).toEqual(results[2]);
    expect(await store.resultOf('run-a', 'sample-2', 1)).toBeUndefined();
    const completed = await store.completed('run-a');
    expect([
      completed.size,
      completed.has(0, 1),
      completed.has(1, 1),
      completed.has(2, 2),
      completed.has(2, 1),
    ]).toEqual([2, true, false, true, false]);
    await store.close();
    store = await openStore(folder);
  }
  await store.close();
});

test('replaces scores of results that are there, and of no others', async () => {
  const store = await openStore(temporaryFolder());
  await store.createRun(runRecord('r'));
  await store.createRun(runRecord('other'));
  const first = sampleResult(0, { scores: { main: { value: 1, parsed: true }, judge: { value: 0, parsed: true } } });
  const failed = sampleResult(1, { status: 'failed', answer: null, scores: {}, error: { code: 'x', message: 'y' } });
  for (const run of ['r', 'other']) for (const result of [first, failed]) await store.saveResult(run, result);
  const at = ({ task, sampleId, epoch }: typeof first) => ({ task, sampleId, epoch, scorer: 'main' });
  await store.replaceScores('r', [
    { ...at(first), score: { value: 0.5, parsed: false } },
    { ...at(failed), score: { value: null, parsed: false, reason: 'left out' } },
    { ...at(first), epoch: 2, score: { value: 1, parsed: true } },
    { ...at(first), task: 'no such task', score: { value: 1, parsed: true } },
  ]);
  expect(await collect(store.results('r'))).toEqual([
    { ...first, scores: { main: { value: 0.5, parsed: false }, judge: { value: 0, parsed: true } } },
    { ...failed, scores: { main: { value: null, parsed: false, reason: 'left out' } } },
  ]);
  expect(await collect(store.results('other'))).toEqual([first, failed]);
  await expect(store.replaceScores('none', [])).rejects.toMatchObject({ code: 'run-not-found' });
  await store.close();
});

test('clears a field of a run that is set to undefined', async () => {
  const store = await openStore(temporaryFolder());
  await store.createRun(runRecord('r', { error: { code: 'x', message: 'y' } }));
  await store.updateRun('r', { error: undefined, state: 'running' });
  expect(await store.getRun('r')).toEqual(runRecord('r'));
  await store.close();
});

test('finds a run by its unique beginning and lists the candidates of an ambiguous one', async () => {
  const store = await openStore(temporaryFolder());
  for (const [i, id] of ['abc-1', 'abc-2', 'b', "'; DROP TABLE runs; --", 'b%_'].entries()) {
    await store.createRun(runRecord(id, { createdAt: i }));
  }
  expect((await store.getRun('abc-2'))?.id).toBe('abc-2');
  expect((await store.getRun("'; D"))?.id).toBe("'; DROP TABLE runs; --");
  expect((await store.getRun('b'))?.id, 'a whole id wins over a longer one').toBe('b');
  expect(await store.getRun('%')).toBeUndefined();
  expect(await store.getRun('')).toBeUndefined();
  await expect(store.getRun('abc')).rejects.toMatchObject({
    code: 'run-ambiguous',
    exitCode: 2,
    message: expect.stringContaining('abc-2, abc-1'),
  });
  expect((await store.listRuns()).map((run) => run.id)).toEqual([
    'b%_',
    "'; DROP TABLE runs; --",
    'b',
    'abc-2',
    'abc-1',
  ]);
  await store.close();
});

test('one bad write does not take others of its transaction with it', async () => {
  const store = await openStore(temporaryFolder());
  await store.createRun(runRecord('r'));
  const outcomes = await Promise.allSettled([
    store.appendCall('r', callRecord(0)),
    store.appendCall('nowhere', callRecord(1)),
    store.createRun(runRecord('r')),
    store.updateRun('nowhere', { completed: 1 }),
    store.appendCall('r', callRecord(2)),
  ]);
  expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'kept' : outcome.reason.code))).toEqual([
    'kept',
    'run-not-found',
    'run-exists',
    'run-not-found',
    'kept',
  ]);
  expect(await collect(store.calls('r'))).toEqual([callRecord(0), callRecord(2)]);
  await store.close();
});

const hostile = [
  'it\'s "quoted"; DROP TABLE calls; --',
  'nul \0 inside \0',
  'lone \ud800 surrogate',
  '\udfff\ud800',
  '\u0001j"mark"',
  '',
  '🀄\u202e\u2028',
  'x'.repeat(1_000_000),
  '😀'.repeat(250_000),
];

test.each(hostile.map((text, i) => [i, text] as const))('keeps hostile text %i as it is', async (_, text) => {
  const folder = temporaryFolder();
  const id = `run ${text.slice(0, 100)}`;
  const name = text.slice(0, 1000);
  const messages = [{ role: 'user' as const, content: text }];
  const call = callRecord(0, {
    task: name,
    sampleId: name,
    model: name,
    key: name,
    cacheKey: name,
    request: JSON.stringify({ messages, raw: text }) + text,
    response: text,
  });
  const result = sampleResult(0, {
    task: name,
    sampleId: name,
    input: messages,
    answer: { text },
    labels: { [name]: text },
  });
  let store = await openStore(folder);
  await store.createRun(runRecord(id, { benchmark: name, mode: name, config: { [name]: text } }));
  await Promise.all([store.appendCall(id, call), store.saveResult(id, result)]);
  await store.close();
  store = await openStore(folder);
  expect((await store.getRun(id))?.config).toEqual({ [name]: text });
  expect(await collect(store.calls(id))).toEqual([call]);
  expect([...(await store.callsOf(id, name, name, 1)).values()]).toEqual([call]);
  expect(await store.cachedCall(name)).toEqual(call);
  expect(await store.resultOf(id, name, 1)).toEqual(result);
  expect(await collect(store.results(id))).toEqual([result]);
  const lock = await store.lockRun(id);
  lock.release();
  await store.close();
});

test('keeps an input that stands in the first request once', async () => {
  const folder = temporaryFolder();
  const long = 'A question that is told at some length. '.repeat(500);
  const input = [{ role: 'user' as const, content: long }];
  const store = await openStore(folder);
  await store.createRun(runRecord('r'));
  for (let i = 0; i < 100; i++) {
    const request = JSON.stringify({ messages: [{ role: 'user', content: `${i} ${long}` }] });
    await store.appendCall('r', callRecord(i, { request }));
    await store.saveResult('r', sampleResult(i, { input: JSON.parse(request).messages }));
  }
  // A result without a call keeps its input itself.
  await store.saveResult('r', sampleResult(100, { input }));
  const results = await collect(store.results('r'));
  expect(results.map((result) => result.input[0]?.content)).toEqual([
    ...Array.from({ length: 100 }, (_, i) => `${i} ${long}`),
    long,
  ]);
  await store.close();
  expect(readFileSync(join(folder, databaseName)).length).toBeLessThan(100 * long.length * 1.4);
});

test('answers cached calls of any run, also those written after the first question', async () => {
  const folder = temporaryFolder();
  const store = await openStore(folder);
  await store.createRun(runRecord('a'));
  await store.createRun(runRecord('b'));
  await Promise.all(Array.from({ length: 20_000 }, (_, i) => store.appendCall('a', callRecord(i))));
  const keyOf = (i: number): string => callRecord(i).cacheKey as string;
  expect(await store.cachedCall('0'.repeat(64))).toBeUndefined();
  expect(await store.cachedCall(keyOf(3))).toEqual(callRecord(3));
  await store.appendCall('b', callRecord(30_000));
  expect(await store.cachedCall(keyOf(30_000))).toEqual(callRecord(30_000));
  const other = await openStore(folder);
  await other.appendCall('b', callRecord(30_001));
  expect(await store.cachedCall(keyOf(30_001)), 'of another connection').toEqual(callRecord(30_001));
  expect(await other.cachedCall(keyOf(19_999))).toEqual(callRecord(19_999));
  await store.deleteRun('a');
  expect(await store.cachedCall(keyOf(3))).toBeUndefined();
  expect(await store.cachedCall(keyOf(30_000))).toEqual(callRecord(30_000));
  await store.close();
  await other.close();
});

test('an equal beginning of a cache key is not taken for the key', async () => {
  const store = await openStore(temporaryFolder());
  await store.createRun(runRecord('r'));
  const key = `${'ab'.repeat(8)}${'0'.repeat(48)}`;
  await store.appendCall('r', callRecord(0, { cacheKey: key }));
  expect(await store.cachedCall(`${'ab'.repeat(8)}${'1'.repeat(48)}`)).toBeUndefined();
  expect((await store.cachedCall(key))?.cacheKey).toBe(key);
  await store.close();
});

test('the order of results is that of index and epoch, over many pages, while more are written', async () => {
  const store = await openStore(temporaryFolder());
  await store.createRun(runRecord('r'));
  const numbers = Array.from({ length: 1500 }, (_, i) => (i * 701) % 1500);
  await Promise.all(
    numbers.map((i) =>
      store.saveResult('r', sampleResult(Math.floor(i / 3), { epoch: (i % 3) + 1, input: messagesOf(i) })),
    ),
  );
  const seen: number[] = [];
  for await (const result of store.results('r')) {
    seen.push(result.index * 3 + result.epoch - 1);
    if (seen.length === 700) await store.saveResult('r', sampleResult(600));
  }
  expect(seen).toEqual([...Array.from({ length: 1500 }, (_, i) => i), 1800]);
  await store.close();
});

test('the folder being a file is a clear error', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, 'text');
  await expect(openStore(file)).rejects.toMatchObject({ code: 'store-not-a-folder', where: file });
  await expect(openStore(join(file, 'below'))).rejects.toMatchObject({ code: 'store-not-a-folder' });
});

test('a file that is no database is a damaged store, a database of others a foreign one', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, databaseName), 'This is a text and not a database, however long it gets. '.repeat(100));
  await expect(openStore(folder)).rejects.toMatchObject({ code: 'store-damaged', where: join(folder, databaseName) });

  const foreign = temporaryFolder();
  const database = new DatabaseSync(join(foreign, databaseName));
  database.exec('CREATE TABLE theirs (x)');
  database.close();
  await expect(openStore(foreign)).rejects.toMatchObject({ code: 'store-foreign' });
});

test('a newer schema is refused, and left as it is', async () => {
  const folder = temporaryFolder();
  await (await openStore(folder)).close();
  const database = new DatabaseSync(join(folder, databaseName));
  database.exec(`PRAGMA user_version = ${migrations.length + 1}`);
  database.close();
  await expect(openStore(folder)).rejects.toMatchObject({
    code: 'store-newer',
    message: expect.stringContaining(`${migrations.length + 1}`),
  });
});

test('opening an empty database file begins a store', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, databaseName), '');
  const store = await openStore(folder);
  expect(await store.listRuns()).toEqual([]);
  await store.close();
});

test('after closing, everything says that the store is closed; closing again does nothing', async () => {
  const store = await openStore(temporaryFolder());
  await store.createRun(runRecord('r'));
  const late = store.appendCall('r', callRecord(0));
  await Promise.all([store.close(), store.close()]);
  await late;
  await expect(store.listRuns()).rejects.toMatchObject({ code: 'store-closed' });
  await expect(async () => store.appendCall('r', callRecord(1))).rejects.toMatchObject({ code: 'store-closed' });
  await expect(collect(store.results('r'))).rejects.toMatchObject({ code: 'store-closed' });
});

test('loading the store prints nothing', () => {
  const index = fileURLToPath(new URL('index.ts', import.meta.url));
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const program = `const { openStore } = await import(${JSON.stringify(index)});
    await (await openStore(${JSON.stringify(folder)})).close();`;
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect([child.status, child.stdout, child.stderr]).toEqual([0, '', '']);
});

test('a reader that stopped in the middle holds nothing up', async () => {
  const folder = temporaryFolder();
  const store = await openStore(folder);
  await store.createRun(runRecord('r'));
  await Promise.all(Array.from({ length: 600 }, (_, i) => store.saveResult('r', sampleResult(i))));
  const reader = store.results('r')[Symbol.asyncIterator]();
  await reader.next();
  // Neither the packing of the file nor the emptying of the log is possible while a statement is being read.
  await store.vacuum();
  expect(statSync(join(folder, `${databaseName}-wal`)).size).toBe(0);
  await store.deleteRun('r');
  let left = 0;
  while ((await reader.next()).done !== true) left += 1;
  expect(left, 'the rest of its page').toBeLessThan(600);
  await store.close();
});
