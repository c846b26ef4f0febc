import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { FettleError } from '../core/index.ts';
import { callRecord, collect, runRecord } from './__fixtures__/records.ts';
import { temporaryFolder } from './__fixtures__/temporary-folder.ts';
import { openStore } from './index.ts';

/** A small file system of its own; needs the right to mount one. */
function smallDisk(options: string): string | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => {
    execFileSync('umount', [folder]);
  });
  return folder;
}

const noMount = 'mounting a small file system needs root on Linux';

test('a full disk rejects with what to do, keeps what was acknowledged and goes on when there is space', async (context) => {
  const folder = smallDisk('size=2m');
  if (folder === undefined) return context.skip(noMount);
  const ballast = join(folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc(600_000));
  let store = await openStore(folder);
  await store.createRun(runRecord('r'));
  const kept: number[] = [];
  let failure: FettleError | undefined;
  for (let i = 0; failure === undefined; i += 5) {
    const numbers = [i, i + 1, i + 2, i + 3, i + 4];
    const outcomes = await Promise.allSettled(
      numbers.map((number) =>
        store.appendCall('r', callRecord(number, { response: JSON.stringify('x'.repeat(5000)) })),
      ),
    );
    for (const [j, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') kept.push(i + j);
      else failure = outcome.reason as FettleError;
    }
  }
  expect(failure).toMatchObject({ code: 'disk-full', where: folder, hint: expect.stringContaining('fettle resume') });
  expect(failure.message).toMatch(/\d MB free/);
  const numbersKept = async (): Promise<number[]> =>
    (await collect(store.calls('r'))).map((call) => Number(call.sampleId.slice('sample-'.length)));
  expect(kept.length).toBeGreaterThan(20);
  expect(await numbersKept()).toEqual(kept);
  await expect(store.putBlob({ sha256: blobHash, mediaType: 'image/png', bytes: blobBytes })).rejects.toMatchObject({
    code: 'disk-full',
  });

  rmSync(ballast);
  await store.appendCall('r', callRecord(1_000_000));
  expect(await numbersKept()).toEqual([...kept, 1_000_000]);
  await store.close();
  store = await openStore(folder);
  expect(await numbersKept()).toEqual([...kept, 1_000_000]);
  await store.close();
});

test('a full disk at opening is a clear error', async (context) => {
  const folder = smallDisk('size=64k');
  if (folder === undefined) return context.skip(noMount);
  writeFileSync(join(folder, 'ballast'), Buffer.alloc(61_440));
  await expect(openStore(folder)).rejects.toMatchObject({ code: 'disk-full' });
});

test('a folder that cannot be written is a clear error', async (context) => {
  const folder = smallDisk('size=2m,ro');
  if (folder === undefined) return context.skip(noMount);
  await expect(openStore(folder)).rejects.toMatchObject({
    code: expect.stringMatching(/^store-(read-only|unreachable)$/),
  });
  await expect(openStore(join(folder, 'below'))).rejects.toMatchObject({ code: 'store-read-only' });
});

const blobBytes = Buffer.alloc(3_000_000, 7);
const { hash } = await import('node:crypto');
const blobHash = hash('sha256', blobBytes);
