import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { crashImage } from './__fixtures__/crash-image.ts';
import { callRecord, collect, runRecord } from './__fixtures__/records.ts';
import { temporaryFolder } from './__fixtures__/temporary-folder.ts';
import { openStore } from './index.ts';
import { loadSqlite } from './sqlite.ts';

const frameBytes = 24 + 4096;
const count = 60;

/** A store whose log holds `count` calls, a transaction each; closed over by the images taken of it. */
async function writtenStore() {
  const folder = temporaryFolder();
  const store = await openStore(folder);
  await store.createRun(runRecord('r'));
  for (let i = 0; i < count; i++) await store.appendCall('r', callRecord(i));
  return { folder, close: () => store.close() };
}

async function reopen(folder: string) {
  const warnings: string[] = [];
  const store = await openStore(folder, { onWarning: (warning) => warnings.push(warning) });
  const calls = await collect(store.calls('r'));
  await store.appendCall('r', callRecord(1000));
  await store.close();
  return { warnings, calls };
}

const keptLogs = (folder: string): string[] => readdirSync(folder).filter((name) => name.includes('-wal.damaged-'));

beforeAll(() => loadSqlite());

test.each([true, false])('a log that is whole gives no warning (shared memory kept: %s)', async (shm) => {
  const { folder, close } = await writtenStore();
  const image = crashImage(folder, { shm });
  await close();
  const { warnings, calls } = await reopen(image.folder);
  expect(warnings).toEqual([]);
  expect(calls).toHaveLength(count);
  expect(keptLogs(image.folder)).toEqual([]);
});

test.each([
  ['a flipped byte in the middle', true],
  ['a flipped byte in the middle', false],
  ['a flipped byte in the last frame', true],
  ['a flipped byte in the last frame', false],
  ['a flipped salt', true],
  ['a flipped salt', false],
  ['a cut within a frame', true],
  ['a cut within a frame', false],
  ['a cut between frames', true],
  ['zeros at the end', true],
  ['a damaged head', true],
  ['a damaged head', false],
] as const)('%s is told and the log kept (shared memory kept: %s)', async (damage, shm) => {
  const { folder, close } = await writtenStore();
  const image = crashImage(folder, { shm });
  await close();
  const { size } = statSync(image.wal);
  const frames = (size - 32) / frameBytes;
  const bytes = readFileSync(image.wal);
  const flip = (offset: number): void => {
    bytes[offset] = (bytes[offset] as number) ^ 0xff;
    writeFileSync(image.wal, bytes);
  };
  if (damage === 'a flipped byte in the middle') flip(32 + frameBytes * Math.floor(frames / 2) + 1000);
  if (damage === 'a flipped byte in the last frame') flip(size - 10);
  if (damage === 'a flipped salt') flip(32 + frameBytes * Math.floor(frames / 2) + 9);
  if (damage === 'a cut within a frame') truncateSync(image.wal, size - frameBytes * 10 - 2000);
  if (damage === 'a cut between frames') truncateSync(image.wal, size - frameBytes * 10);
  if (damage === 'zeros at the end') writeFileSync(image.wal, bytes.fill(0, size - frameBytes * 5));
  if (damage === 'a damaged head') flip(17);
  const damaged = readFileSync(image.wal);

  const { warnings, calls } = await reopen(image.folder).catch((error: unknown) => {
    // With its head gone nothing of the log is left, and here the log was all there was.
    if (damage !== 'a damaged head') throw error;
    return { warnings: [String(error)], calls: [] };
  });
  expect(warnings).toHaveLength(1);
  if (damage !== 'a damaged head') {
    expect(warnings[0]).toMatch(/[1-9]\d* frames after the last whole commit are unreadable/);
    expect(calls.length).toBeLessThan(count);
    expect(calls).toEqual(Array.from({ length: calls.length }, (_, i) => callRecord(i)));
  }
  if (damage.startsWith('a flipped byte in the middle') || damage === 'a cut between frames') {
    expect(calls.length).toBeGreaterThan(count / 3);
  }
  expect(keptLogs(image.folder)).toHaveLength(1);
  expect(readFileSync(`${image.folder}/${keptLogs(image.folder)[0]}`).equals(damaged)).toBe(true);

  const again = await reopen(image.folder).catch(() => undefined);
  expect(again?.warnings ?? [], 'told once').toEqual([]);
});

test('frames of a transaction that was never committed are no damage', async () => {
  const { folder, close } = await writtenStore();
  const image = crashImage(folder, { shm: false });
  await close();
  const bytes = readFileSync(image.wal);
  // Unmake the last commit: its frame is left out, those before it in the same transaction stay.
  writeFileSync(image.wal, bytes.subarray(0, bytes.length - frameBytes));
  const { warnings, calls } = await reopen(image.folder);
  expect(warnings).toEqual([]);
  expect(calls).toHaveLength(count - 1);
});

test('what is left of an earlier round of the log is no damage', async () => {
  const folder = temporaryFolder();
  const store = await openStore(folder);
  await store.createRun(runRecord('r'));
  // Enough for a checkpoint, after which the log begins anew over its old frames.
  const response = JSON.stringify('x'.repeat(20_000));
  for (let i = 0; i < 450; i++) await store.appendCall('r', callRecord(i, { response }));
  for (let i = 450; i < 460; i++) await store.appendCall('r', callRecord(i));
  const images = [true, false].map((shm) => crashImage(folder, { shm }));
  await store.close();
  for (const image of images) {
    const { warnings, calls } = await reopen(image.folder);
    expect(warnings).toEqual([]);
    expect(calls).toHaveLength(460);
  }
});

test('a log that another process is using is left alone', async () => {
  const { folder, close } = await writtenStore();
  // The same process must not even look: closing the files would drop its locks.
  const { warnings, calls } = await reopen(folder);
  expect(warnings).toEqual([]);
  expect(calls).toHaveLength(count);
  await close();
});
