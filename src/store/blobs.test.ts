import { hash } from 'node:crypto';
import { existsSync, readdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ImageBlob } from '../core/index.ts';
import { callRecord, runRecord, sampleResult } from './__fixtures__/records.ts';
import { temporaryFolder } from './__fixtures__/temporary-folder.ts';
import { openStore } from './index.ts';

function blob(text: string): ImageBlob {
  const bytes = Buffer.from(text);
  return { sha256: hash('sha256', bytes), mediaType: 'image/png', bytes };
}

function fileOf(folder: string, { sha256 }: ImageBlob): string {
  return join(folder, 'blobs', sha256.slice(0, 2), sha256.slice(2));
}

test.each(['process', 'power'] as const)('gives back the bytes that were put (%s)', async (durability) => {
  const folder = temporaryFolder();
  const store = await openStore(folder, { durability });
  const one = blob('one');
  await Promise.all([store.putBlob(one), store.putBlob(one), store.putBlob(blob('two'))]);
  expect(Buffer.from((await store.getBlob(one.sha256)) ?? [])).toEqual(one.bytes);
  expect(await store.getBlob(blob('three').sha256)).toBeUndefined();
  expect(readdirSync(join(folder, 'blobs', one.sha256.slice(0, 2))), 'nothing temporary is left').toEqual([
    one.sha256.slice(2),
  ]);
  await store.close();
});

test('refuses bytes that do not have the hash, and names that are no hash', async () => {
  const store = await openStore(temporaryFolder());
  await expect(store.putBlob({ ...blob('x'), bytes: Buffer.from('y') })).rejects.toMatchObject({
    code: 'blob-mismatch',
  });
  for (const name of [
    '',
    '../../../../etc/passwd',
    `${'../'.repeat(20)}${'a'.repeat(4)}`,
    'A'.repeat(64),
    'a'.repeat(65),
  ]) {
    await expect(store.getBlob(name)).rejects.toMatchObject({ code: 'blob-name-invalid' });
  }
  await store.close();
});

test('a damaged file is told, and mended by putting it again', async () => {
  const folder = temporaryFolder();
  const image = blob('an image of some length');
  let store = await openStore(folder);
  await store.putBlob(image);
  truncateSync(fileOf(folder, image), 3);
  await expect(store.getBlob(image.sha256)).rejects.toMatchObject({
    code: 'blob-damaged',
    where: fileOf(folder, image),
  });
  await store.close();
  store = await openStore(folder);
  await store.putBlob(image);
  expect(Buffer.from((await store.getBlob(image.sha256)) ?? [])).toEqual(image.bytes);
  await store.close();
});

test('a sweep removes what nothing names, once it is old', async () => {
  const folder = temporaryFolder();
  const store = await openStore(folder);
  const [inCall, inResult, ofDeleted, unnamed, young] = ['call', 'result', 'deleted', 'unnamed', 'young'].map(blob) as [
    ImageBlob,
    ImageBlob,
    ImageBlob,
    ImageBlob,
    ImageBlob,
  ];
  for (const image of [inCall, inResult, ofDeleted, unnamed, young]) await store.putBlob(image);
  const input = (image: ImageBlob) => [
    { role: 'user' as const, content: [{ type: 'image' as const, sha256: image.sha256, mediaType: 'image/png' }] },
  ];
  await store.createRun(runRecord('kept'));
  await store.createRun(runRecord('deleted'));
  await store.appendCall('kept', callRecord(0, { request: JSON.stringify({ messages: input(inCall) }) }));
  await store.saveResult('kept', sampleResult(1, { input: input(inResult) }));
  await store.saveResult('deleted', sampleResult(1, { input: input(ofDeleted) }));
  const partial = join(folder, 'blobs', unnamed.sha256.slice(0, 2), '.left-over.part');
  writeFileSync(partial, 'half');
  const old = new Date(Date.now() - 7_200_000);
  for (const image of [inCall, inResult, ofDeleted, unnamed]) utimesSync(fileOf(folder, image), old, old);
  utimesSync(partial, old, old);
  const there = () => [inCall, inResult, ofDeleted, unnamed, young].map((image) => existsSync(fileOf(folder, image)));

  expect(await store.sweepBlobs()).toEqual({ removed: 2, removedBytes: unnamed.bytes.length + 4, kept: 4 });
  expect(there()).toEqual([true, true, true, false, true]);
  await store.deleteRun('deleted');
  await store.sweepBlobs();
  expect(there()).toEqual([true, true, false, false, true]);
  await store.sweepBlobs({ graceMs: -1000 });
  expect(there()).toEqual([true, true, false, false, false]);
  await store.close();
});
