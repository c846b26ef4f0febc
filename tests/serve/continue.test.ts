import { expect, test } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { openServing } from '../../src/workbench/serving/index.ts';
import { temporaryFolder } from '../support/cli.ts';
import { startEndpoint } from '../support/endpoint.ts';

const config = (model: string, more: object = {}): Parameters<typeof openServing>[0] => ({
  target: { kind: 'served', name: 'x', reading: 'final' },
  models: { main: model },
  method: 'direct',
  ...more,
});
const request = { messages: [{ role: 'user', content: 'A digit?' }], settings: {}, seed: 5 } as const;
const forever = new AbortController().signal;

test('the same words go on with a run; what another process writes, or other words, begin a new one', async () => {
  const endpoint = await startEndpoint();
  await using stack = new AsyncDisposableStack();
  const store = await openStore(temporaryFolder());
  stack.defer(() => store.close());
  const first = await openServing(config(endpoint.model), store);
  const beside = await openServing(config(endpoint.model), store);
  expect(beside.run.id).not.toBe(first.run.id);
  await beside.close();
  await first.close();
  const ids = [first.run.id, beside.run.id];
  for (const more of [{ seed: 1 }, { method: 'self-consistency:n=2' }]) {
    const other = await openServing(config(endpoint.model, more), store);
    expect([other.continued, ids.includes(other.run.id)]).toEqual([false, false]);
    await other.close();
  }
  const again = await openServing(config(endpoint.model, { budget: { calls: 5 } }), store);
  expect([again.continued, ids.includes(again.run.id)]).toEqual([true, true]);
  await again.close();
});

test('a budget counts over all starts, and a larger one goes on', async () => {
  const endpoint = await startEndpoint();
  await using stack = new AsyncDisposableStack();
  const store = await openStore(temporaryFolder());
  stack.defer(() => store.close());
  const answered = async (calls: number, seed: number): Promise<string> => {
    const serving = await openServing(config(endpoint.model, { budget: { calls } }), store);
    try {
      const asked = { ...request, seed };
      return (await serving.answer(asked, await serving.identify(asked), 1, forever)).text;
    } finally {
      await serving.close();
    }
  };
  await answered(2, 1);
  await answered(2, 2);
  await expect(answered(2, 3)).rejects.toMatchObject({ code: 'budget-exhausted' });
  expect(await answered(3, 3)).toMatch(/^\d$/);
  expect(endpoint.seen).toHaveLength(3);
});

test('an answer of another version of Fettle is made again, its calls are not', async () => {
  const endpoint = await startEndpoint();
  await using stack = new AsyncDisposableStack();
  const store = await openStore(temporaryFolder());
  stack.defer(() => store.close());
  const first = await openServing(config(endpoint.model), store);
  const identity = await first.identify(request);
  const { text } = await first.answer(request, identity, 1, forever);
  await first.close();
  const kept = await store.resultOf(first.run.id, identity.sampleId);
  if (kept === undefined) throw new Error('The outcome was not kept.');
  await store.saveResult(first.run.id, {
    ...kept,
    answer: { text: 'what an older version made of it' },
    metadata: { ...kept.metadata, fingerprint: 'older' },
  });
  const second = await openServing(config(endpoint.model), store);
  const answer = await second.answer(request, identity, 1, forever);
  expect([answer.text, answer.usage.replayedCalls]).toEqual([text, 1]);
  await second.close();
  expect(endpoint.seen).toHaveLength(1);
});
