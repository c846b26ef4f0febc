import * as fc from 'fast-check';
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CallRecord, RunRecord, SampleResult } from '../core/index.ts';
import { crashImage } from './__fixtures__/crash-image.ts';
import { callRecord, collect, messagesOf, runRecord, sampleResult } from './__fixtures__/records.ts';
import { temporaryFolder } from './__fixtures__/temporary-folder.ts';
import { type FolderStore, openStore } from './index.ts';

/** What the store should hold, kept in plain arrays. */
class Model {
  readonly runs = new Map<string, RunRecord>();
  readonly calls = new Map<string, CallRecord[]>();
  readonly results = new Map<string, Map<string, SampleResult>>();

  resultsOf(run: string): SampleResult[] {
    return [...(this.results.get(run)?.values() ?? [])].sort((a, b) => a.index - b.index || a.epoch - b.epoch);
  }
}

type Step = (store: FolderStore, model: Model) => Promise<FolderStore | void>;

const run = fc.constantFrom('run', 'run-2', 'r\ud800');
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('\ud800', 'a\0b', '\u0001j', '', "'"),
);
const slot = fc.record({ task: fc.constantFrom('t', 'u'), number: fc.nat(6), epoch: fc.integer({ min: 1, max: 3 }) });

const createRun: fc.Arbitrary<Step> = fc.tuple(run, fc.nat(100)).map(([id, createdAt]) => async (store, model) => {
  const record = runRecord(id, { createdAt });
  const outcome = store.createRun(record);
  if (model.runs.has(id)) {
    await expect(outcome).rejects.toMatchObject({ code: 'run-exists' });
    return;
  }
  await outcome;
  model.runs.set(id, record);
});

const updateRun: fc.Arbitrary<Step> = fc
  .tuple(run, fc.record({ completed: fc.nat(), benchmark: text, total: fc.option(fc.nat(), { nil: undefined }) }))
  .map(([id, change]) => async (store, model) => {
    const before = model.runs.get(id);
    const outcome = store.updateRun(id, change);
    if (before === undefined) {
      await expect(outcome).rejects.toMatchObject({ code: 'run-not-found' });
      return;
    }
    await outcome;
    model.runs.set(id, { ...before, ...change });
  });

const appendCalls: fc.Arbitrary<Step> = fc
  .tuple(run, fc.array(fc.record({ slot, position: fc.nat(2), response: text, own: fc.boolean() }), { maxLength: 8 }))
  .map(([id, specs]) => async (store, model) => {
    if (!model.runs.has(id)) return;
    const calls = model.calls.get(id) ?? [];
    model.calls.set(id, calls);
    const added = specs.map(({ slot: { task, number, epoch }, position, response, own }, i) =>
      callRecord(number, {
        task,
        epoch,
        position,
        response,
        key: `key ${calls.length + i}`,
        request: own ? JSON.stringify({ messages: messagesOf(number) }) : response,
      }),
    );
    await Promise.all(added.map((call) => store.appendCall(id, call)));
    calls.push(...added);
  });

const saveResults: fc.Arbitrary<Step> = fc
  .tuple(run, fc.array(fc.record({ slot, answer: text, failed: fc.boolean() }), { maxLength: 8 }))
  .map(([id, specs]) => async (store, model) => {
    if (!model.runs.has(id)) return;
    const results = model.results.get(id) ?? new Map<string, SampleResult>();
    model.results.set(id, results);
    await Promise.all(
      specs.map(({ slot: { task, number, epoch }, answer, failed }) => {
        const index = number + (task === 't' ? 0 : 10);
        const status = failed ? 'failed' : 'completed';
        const result = sampleResult(number, { task, epoch, index, status, answer: { text: answer } });
        results.set(JSON.stringify([task, number, epoch]), result);
        return store.saveResult(id, result);
      }),
    );
  });

const deleteRun: fc.Arbitrary<Step> = run.map((id) => async (store, model) => {
  if (!model.runs.has(id)) return;
  await store.deleteRun(id);
  for (const part of [model.runs, model.calls, model.results]) part.delete(id);
});

const replay: fc.Arbitrary<Step> = fc.tuple(run, slot).map(([id, { task, number, epoch }]) => async (store, model) => {
  if (!model.runs.has(id)) return;
  const expected = (model.calls.get(id) ?? []).filter(
    (call) => call.task === task && call.sampleId === `sample-${number}` && call.epoch === epoch,
  );
  const found = await store.callsOf(id, task, `sample-${number}`, epoch);
  expect([...found.values()]).toEqual(expected);
});

const lookUp: fc.Arbitrary<Step> = fc.nat(6).map((number) => async (store, model) => {
  const { cacheKey } = callRecord(number);
  const found = await store.cachedCall(cacheKey as string);
  const all = [...model.calls.values()].flat().filter((call) => call.cacheKey === cacheKey);
  if (all.length === 0) expect(found).toBeUndefined();
  else expect(all).toContainEqual(found);
});

const reopen: fc.Arbitrary<Step> = fc.constant(async (store: FolderStore) => {
  await store.close();
  return openStore(store.folder, { batching: { paceMs: 0, patienceMs: 0 } });
});

const crash: fc.Arbitrary<Step> = fc.boolean().map((shm) => async (store: FolderStore) => {
  const image = crashImage(store.folder, { shm });
  await store.close();
  return openStore(image.folder, { batching: { paceMs: 0, patienceMs: 0 }, onWarning: (text) => expect.fail(text) });
});

const vacuum: fc.Arbitrary<Step> = fc.constant(async (store: FolderStore) => void (await store.vacuum()));

async function check(store: FolderStore, model: Model): Promise<void> {
  const definedOnly = (record: RunRecord): unknown => JSON.parse(JSON.stringify(record));
  for (const [id, record] of model.runs) {
    expect(await store.getRun(id)).toEqual(definedOnly(record));
    expect(await collect(store.calls(id))).toEqual(model.calls.get(id) ?? []);
    const results = model.resultsOf(id);
    expect(await collect(store.results(id))).toEqual(results);
    const completed = await store.completed(id);
    const whole = results.filter((result) => result.status === 'completed');
    expect(completed.size).toBe(whole.length);
    for (const result of results) {
      expect(completed.has(result.index, result.epoch)).toBe(result.status === 'completed');
      const first = results.find((other) => other.sampleId === result.sampleId && other.epoch === result.epoch);
      expect(await store.resultOf(id, result.sampleId, result.epoch)).toEqual(first);
    }
  }
  expect((await store.listRuns()).map((record) => record.id).sort()).toEqual([...model.runs.keys()].sort());
}

test('any interleaving of writes, reads, crashes and reopening equals a plain model', async () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 2, arbitrary: createRun },
      { weight: 2, arbitrary: updateRun },
      { weight: 6, arbitrary: appendCalls },
      { weight: 6, arbitrary: saveResults },
      { weight: 2, arbitrary: replay },
      { weight: 2, arbitrary: lookUp },
      { weight: 1, arbitrary: deleteRun },
      { weight: 2, arbitrary: reopen },
      { weight: 2, arbitrary: crash },
      { weight: 1, arbitrary: vacuum },
    ),
    { minLength: 5, maxLength: 40, size: 'max' },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const folder = temporaryFolder();
      let store = await openStore(folder, { batching: { paceMs: 0, patienceMs: 0 } });
      const model = new Model();
      try {
        for (const step of sequence) store = (await step(store, model)) ?? store;
        await check(store, model);
      } finally {
        await store.close();
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 60 },
  );
});
