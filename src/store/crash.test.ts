import { expect, test } from 'vitest';
import { acknowledged, startWriter } from './__fixtures__/start-writer.ts';
import { callRecord, collect, sampleResult } from './__fixtures__/records.ts';
import { temporaryFolder } from './__fixtures__/temporary-folder.ts';
import { openStore } from './index.ts';

test.each([60, 500, 3000])('everything acknowledged is there after kill -9 (at %i lines)', async (count) => {
  const folder = temporaryFolder();
  const writer = startWriter(folder, 'r', 0, 1_000_000);
  await writer.until((lines) => lines.length >= count);
  await writer.kill();
  const calls = acknowledged(writer.lines(), 'call');
  const results = acknowledged(writer.lines(), 'result');
  const warnings: string[] = [];
  const store = await openStore(folder, { onWarning: (warning) => warnings.push(warning) });
  const keptCalls = new Map((await collect(store.calls('r'))).map((call) => [call.sampleId, call]));
  const keptResults = new Map((await collect(store.results('r'))).map((result) => [result.index, result]));
  for (const number of calls) expect(keptCalls.get(`sample-${number}`)).toEqual(callRecord(number));
  for (const number of results) expect(keptResults.get(number)).toEqual(sampleResult(number));
  expect(warnings, 'a killed process is not a damaged journal').toEqual([]);
  await store.close();
});

test('a killed writer can be followed by another, again and again', async () => {
  const folder = temporaryFolder();
  const calls: number[] = [];
  for (let round = 0; round < 3; round++) {
    const writer = startWriter(folder, 'r', round * 100_000, 100_000, 'lock');
    await writer.until((lines) => lines.length >= 100);
    await writer.kill();
    expect(writer.lines()[0], 'the lock of the dead process is taken over').toBe('locked');
    calls.push(...acknowledged(writer.lines(), 'call'));
  }
  const store = await openStore(folder);
  const kept = new Set((await collect(store.calls('r'))).map((call) => call.sampleId));
  expect(calls.filter((number) => !kept.has(`sample-${number}`))).toEqual([]);
  await store.close();
});
