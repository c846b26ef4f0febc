import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callRecord, collect, runRecord, sampleResult } from './__fixtures__/records.ts';
import { temporaryFolder } from './__fixtures__/temporary-folder.ts';
import { databaseName, openStore } from './index.ts';

test('deleting a run leaves the others whole, and vacuum gives the space back', async () => {
  const folder = temporaryFolder();
  const store = await openStore(folder);
  for (const run of ['a', 'b']) {
    await store.createRun(runRecord(run));
    const count = run === 'a' ? 3000 : 10;
    await Promise.all(
      Array.from({ length: count }, (_, i) => [
        store.appendCall(run, callRecord(i)),
        store.saveResult(run, sampleResult(i)),
      ]).flat(),
    );
  }
  await store.deleteRun('a');
  await expect(store.deleteRun('a')).rejects.toMatchObject({ code: 'run-not-found' });
  await expect(store.appendCall('a', callRecord(0))).rejects.toMatchObject({ code: 'run-not-found' });
  expect((await store.listRuns()).map((run) => run.id)).toEqual(['b']);
  const { freedBytes } = await store.vacuum();
  expect(freedBytes).toBeGreaterThan(1_000_000);
  expect(statSync(join(folder, databaseName)).size).toBeLessThan(150_000);
  expect(await collect(store.calls('b'))).toEqual(Array.from({ length: 10 }, (_, i) => callRecord(i)));
  expect(await collect(store.results('b'))).toEqual(Array.from({ length: 10 }, (_, i) => sampleResult(i)));
  await store.createRun(runRecord('a'));
  expect(await collect(store.calls('a')), 'a run of the same name begins empty').toEqual([]);
  await store.close();
});
