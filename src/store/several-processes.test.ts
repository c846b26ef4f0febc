import { expect, test } from 'vitest';
import { collect, runRecord } from './__fixtures__/records.ts';
import { startWriter } from './__fixtures__/start-writer.ts';
import { temporaryFolder } from './__fixtures__/temporary-folder.ts';
import { openStore } from './index.ts';

test('two processes write two runs of one folder while a third reads', async () => {
  const folder = temporaryFolder();
  const store = await openStore(folder);
  const writers = [startWriter(folder, 'a', 0, 400, 'once'), startWriter(folder, 'b', 0, 400, 'once')];
  await Promise.all(writers.map((writer) => writer.until((lines) => lines.length > 20)));
  expect((await store.listRuns()).map((run) => run.id).sort()).toEqual(['a', 'b']);
  expect((await collect(store.calls('a'))).length).toBeGreaterThan(0);
  await Promise.all(writers.map((writer) => writer.ended()));
  for (const run of ['a', 'b']) {
    expect(await collect(store.calls(run))).toHaveLength(400);
    expect((await collect(store.results(run))).map((result) => result.index)).toEqual(
      Array.from({ length: 400 }, (_, i) => i),
    );
  }
  await store.close();
});

test('opening a new folder in two processes at once makes one store', async () => {
  const folder = temporaryFolder();
  const writers = Array.from({ length: 3 }, (_, i) => startWriter(folder, `run-${i}`, 0, 5, 'once'));
  await Promise.all(writers.map((writer) => writer.ended()));
  const store = await openStore(folder);
  expect((await store.listRuns()).map((run) => run.id).sort()).toEqual(['run-0', 'run-1', 'run-2']);
  await store.close();
});

test('a run is locked against other processes, and free once its holder is dead', async () => {
  const folder = temporaryFolder();
  const writer = startWriter(folder, 'r', 0, 10, 'lock');
  await writer.until((lines) => lines.includes('locked'));
  const store = await openStore(folder);
  await expect(store.lockRun('r')).rejects.toMatchObject({
    code: 'run-locked',
    message: expect.stringMatching(
      new RegExp(`^Run r is being written by process ${writer.child.pid} on .+since \\d{4}-`),
    ),
  });
  const second = startWriter(folder, 'r', 0, 10, 'lock');
  await second.ended();
  expect(second.lines()[0]).toMatch(/^run-locked: /);
  expect(second.child.exitCode).toBe(1);
  (await store.lockRun('another')).release();
  await writer.until((lines) => lines.length >= 21);
  await expect(store.deleteRun('r')).rejects.toMatchObject({ code: 'run-locked' });
  await writer.kill();
  const lock = await store.lockRun('r');
  await expect(store.lockRun('r'), 'not twice in one process either').rejects.toMatchObject({ code: 'run-locked' });
  lock.release();
  lock.release();
  (await store.lockRun('r')).release();
  await store.close();
});

test('closing the store lets its runs go', async () => {
  const folder = temporaryFolder();
  const first = await openStore(folder);
  await first.createRun(runRecord('r'));
  await first.lockRun('r');
  await first.close();
  const second = await openStore(folder);
  (await second.lockRun('r')).release();
  await second.close();
});
