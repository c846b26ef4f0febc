import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { CallRecord, SampleResult } from '../core/index.ts';
import { crashImage } from './__fixtures__/crash-image.ts';
import { callRecord, collect, runRecord, sampleResult } from './__fixtures__/records.ts';
import { startWriter } from './__fixtures__/start-writer.ts';
import { temporaryFolder } from './__fixtures__/temporary-folder.ts';
import { databaseName, openStore, salvageStore } from './index.ts';

const count = 400;
const pageBytes = 4096;

async function fill(folder: string): Promise<Awaited<ReturnType<typeof openStore>>> {
  const store = await openStore(folder, { batching: { paceMs: 0, patienceMs: 0 } });
  for (const run of ['a', 'b']) {
    await store.createRun(runRecord(run, { createdAt: run.charCodeAt(0) }));
    for (let i = 0; i < count; i += 10) {
      const numbers = Array.from({ length: 10 }, (_, j) => i + j);
      await Promise.all(numbers.map((number) => store.appendCall(run, callRecord(number))));
      await Promise.all(numbers.map((number) => store.saveResult(run, sampleResult(number))));
    }
  }
  return store;
}

async function filledFolder(): Promise<string> {
  const folder = temporaryFolder();
  await (await fill(folder)).close();
  return folder;
}

/** The pages that a table or an index lies on, in their order. */
function pagesOf(folder: string, name: string): number[] {
  const database = new DatabaseSync(join(folder, databaseName));
  try {
    const pages = new Set<number>();
    const { rootpage } = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name) ?? {};
    const file = readFileSync(join(folder, databaseName));
    const walk = (page: number): void => {
      pages.add(page);
      const at = (page - 1) * pageBytes + (page === 1 ? 100 : 0);
      const kind = file[at];
      if (kind !== 2 && kind !== 5) return;
      for (let cell = 0; cell < file.readUInt16BE(at + 3); cell++) {
        walk(file.readUInt32BE((page - 1) * pageBytes + file.readUInt16BE(at + 12 + cell * 2)));
      }
      walk(file.readUInt32BE(at + 8));
    };
    walk(Number(rootpage));
    return [...pages];
  } finally {
    database.close();
  }
}

function overwrite(folder: string, page: number, fill: number): void {
  const handle = openSync(join(folder, databaseName), 'r+');
  writeSync(handle, Buffer.alloc(pageBytes, fill), 0, pageBytes, (page - 1) * pageBytes);
  closeSync(handle);
}

async function contents(folder: string): Promise<Map<string, { calls: CallRecord[]; results: SampleResult[] }>> {
  const store = await openStore(folder);
  const found = new Map<string, { calls: CallRecord[]; results: SampleResult[] }>();
  for (const { id } of await store.listRuns()) {
    found.set(id, { calls: await collect(store.calls(id)), results: await collect(store.results(id)) });
  }
  // It must be good for writing too.
  await store.createRun(runRecord('after'));
  await store.appendCall('after', callRecord(0));
  await store.close();
  return found;
}

function checkRows(run: { calls: CallRecord[]; results: SampleResult[] } | undefined): void {
  for (const call of run?.calls ?? []) expect(call).toEqual(callRecord(Number(call.sampleId.slice(7))));
  for (const result of run?.results ?? []) expect(result).toEqual(sampleResult(result.index));
}

test('a store that is whole is copied whole', async () => {
  const folder = await filledFolder();
  const report = await salvageStore(folder);
  expect(report).toMatchObject({
    kept: { runs: 2, calls: 2 * count, results: 2 * count },
    lost: { runs: 0, calls: 0, results: 0 },
    headRebuilt: false,
  });
  expect(existsSync(report.damagedFile)).toBe(true);
  const found = await contents(folder);
  for (const run of ['a', 'b']) {
    expect(found.get(run)?.calls).toHaveLength(count);
    expect(found.get(run)?.results).toHaveLength(count);
    checkRows(found.get(run));
  }
});

test.each([
  ['calls', 0],
  ['calls', 0xa5],
  ['results', 0],
  ['results', 0xff],
])('a lost page of %s (bytes %i) costs its rows and no others', async (table, fill) => {
  const folder = await filledFolder();
  const pages = pagesOf(folder, table);
  const page = pages[Math.floor(pages.length / 2)] as number;
  overwrite(folder, page, fill);
  const damaged = readFileSync(join(folder, databaseName));
  const store = await openStore(folder);
  const readAll = async (): Promise<void> => {
    for (const run of ['a', 'b']) {
      await collect(store.calls(run));
      await collect(store.results(run));
    }
  };
  await expect(readAll()).rejects.toMatchObject({
    code: 'store-damaged',
    where: join(folder, databaseName),
    hint: expect.stringContaining('--salvage'),
  });
  await store.close();

  const report = await salvageStore(folder);
  expect(readFileSync(report.damagedFile).equals(damaged), 'kept as it was').toBe(true);
  const lost = report.lost.calls + report.lost.results;
  expect(lost).toBeGreaterThan(0);
  // One page of calls holds about eight of these rows, and as many results that took their input from them.
  expect(lost).toBeLessThan(40);
  expect(report.kept.calls + report.lost.calls).toBe(2 * count);
  expect(report.kept.results + report.lost.results).toBe(2 * count);
  expect(report.kept.runs).toBe(2);
  const found = await contents(folder);
  for (const run of ['a', 'b']) checkRows(found.get(run));
  expect((found.get('a')?.calls.length ?? 0) + (found.get('b')?.calls.length ?? 0)).toBe(report.kept.calls);
  expect(readdirSync(folder).filter((name) => /reading|fresh/.test(name))).toEqual([]);
});

test('many lost pages, the first and last among them', async () => {
  const folder = await filledFolder();
  const pages = pagesOf(folder, 'calls');
  for (let i = 1; i < pages.length; i += 5) overwrite(folder, pages[i] as number, 0);
  overwrite(folder, pages.at(-1) as number, 0);
  const report = await salvageStore(folder);
  expect(report.kept.calls).toBeGreaterThan(count);
  expect(report.kept.calls + report.lost.calls).toBe(2 * count);
  const found = await contents(folder);
  for (const run of ['a', 'b']) checkRows(found.get(run));
});

test('a lost index costs nothing', async () => {
  const folder = await filledFolder();
  for (const page of pagesOf(folder, 'calls_by_sample')) overwrite(folder, page, 0);
  const report = await salvageStore(folder);
  expect(report.kept).toEqual({ runs: 2, calls: 2 * count, results: 2 * count });
});

test('a lost first page is made anew', async () => {
  const folder = await filledFolder();
  overwrite(folder, 1, 0x20);
  await expect(openStore(folder)).rejects.toMatchObject({ code: 'store-damaged' });
  const report = await salvageStore(folder);
  expect(report).toMatchObject({ kept: { runs: 2, calls: 2 * count, results: 2 * count }, headRebuilt: true });
  checkRows((await contents(folder)).get('a'));
});

test('a lost first page of a store that was packed is made anew', async () => {
  const folder = temporaryFolder();
  const store = await fill(folder);
  await store.deleteRun('a');
  await store.vacuum();
  await store.close();
  overwrite(folder, 1, 0);
  expect(await salvageStore(folder)).toMatchObject({ kept: { runs: 1, calls: count, results: count } });
  checkRows((await contents(folder)).get('b'));
});

test('names are read from their index when their page is lost, and runs live on under their ids', async () => {
  const folder = await filledFolder();
  overwrite(folder, pagesOf(folder, 'names')[0] as number, 0);
  overwrite(folder, pagesOf(folder, 'runs')[0] as number, 0);
  const report = await salvageStore(folder);
  expect(report.kept).toMatchObject({ calls: 2 * count, results: 2 * count });
  expect(report.lost.runs).toBe(2);
  const store = await openStore(folder);
  expect(await store.getRun('a')).toMatchObject({ state: 'failed', completed: count, error: { code: 'salvaged' } });
  expect(await collect(store.results('b'))).toHaveLength(count);
  await store.close();
});

test('bytes that were changed within a row are found by its JSON', async () => {
  const folder = await filledFolder();
  const file = join(folder, databaseName);
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf('"answer 7"'); at !== -1; at = bytes.indexOf('"answer 7"', at)) bytes[at + 3] = 0;
  writeFileSync(file, bytes);
  const report = await salvageStore(folder);
  // In each run the call and the result that quotes it.
  expect(report.lost).toEqual({ runs: 0, calls: 2, results: 2 });
});

test('what is only in the log is salvaged too', async () => {
  const folder = temporaryFolder();
  const store = await fill(folder);
  const image = crashImage(folder, { shm: true });
  await store.close();
  expect(statSync(image.wal).size).toBeGreaterThan(100_000);
  expect((await salvageStore(image.folder)).kept).toEqual({ runs: 2, calls: 2 * count, results: 2 * count });
});

test('refuses a store that somebody uses, here or elsewhere, and a folder without one', async () => {
  const folder = await filledFolder();
  const before = readdirSync(folder);
  const store = await openStore(folder);
  await expect(salvageStore(folder)).rejects.toMatchObject({ code: 'store-busy' });
  await store.close();
  const writer = startWriter(folder, 'a', 1000, 5);
  await writer.until((lines) => lines.length === 10);
  await expect(salvageStore(folder)).rejects.toMatchObject({ code: 'store-busy' });
  await writer.kill();
  expect((await salvageStore(folder)).kept.calls).toBe(2 * count + 5);
  expect(readdirSync(folder).length).toBeLessThan(before.length + 4);
  await expect(salvageStore(temporaryFolder())).rejects.toMatchObject({ exitCode: 2 });
});
