import { expect, it } from 'vitest';
import { MemoryStore } from './__fixtures__/memory-store.ts';
import { scriptedModel } from './__fixtures__/scripted-model.ts';
import { type Method, type RunTasksOptions, runTasks, type Sample, type Task } from './index.ts';

const task: Task = {
  name: 'numbers',
  *samples(): Generator<Sample> {
    for (let i = 0; i < 10; i++)
      yield { id: `s${i}`, input: [{ role: 'user', content: `Say ${i}` }], target: String(i) };
  },
  scorers: [{ name: 'exact', score: ({ text }, { target }) => ({ value: text === target ? 1 : 0, parsed: true }) }],
};

const once: Method = {
  name: 'once',
  options: {},
  async solve(sample, { models, settings }) {
    return { text: (await models.main.generate({ ...settings, messages: sample.input })).text };
  },
};

/** Asks the verifier, then the same question twice. */
const thrice: Method = {
  name: 'thrice',
  options: {},
  async solve(sample, context) {
    await context.models.verifier?.generate({ messages: sample.input });
    await once.solve(sample, context);
    return once.solve(sample, context);
  },
};

it('answers equal requests of sibling runs from their journals, sampled ones too, and says who paid', async () => {
  const store = new MemoryStore();
  const digits = () => scriptedModel((prompt) => prompt.replace(/\D/g, ''));
  const run = (options: Pick<RunTasksOptions, 'runId' | 'models' | 'method'> & Partial<RunTasksOptions>) =>
    runTasks({ store, tasks: [task], concurrency: 3, settings: { temperature: 0.7 }, ...options });
  const first = digits();
  await run({ runId: 'a', models: { main: first }, method: once });
  expect(first.asked.length).toBe(10);
  store.resultList.clear();

  const second = digits();
  const judge = digits();
  const models = { main: second, verifier: { ...judge, identity: 'judge' } };
  expect(await run({ runId: 'b', siblings: ['a'], models, method: thrice })).toMatchObject({ completed: 10 });
  // The sibling has one answer to each question; the second equal request is another draw.
  expect([second.asked.length, judge.asked.length]).toEqual([10, 10]);
  const usage = {
    inputTokens: 30,
    outputTokens: 15,
    calls: 3,
    wastedCalls: 0,
    replayedCalls: 1,
    cost: 40e-6,
    borrowedCost: 20e-6,
    roles: {
      main: { inputTokens: 20, outputTokens: 10, calls: 2, cost: 20e-6 },
      verifier: { inputTokens: 10, outputTokens: 5, calls: 1, cost: 20e-6 },
    },
  };
  for await (const result of store.results('b')) expect(result.usage).toEqual(usage);
  expect(store.callList.filter(({ runId, call }) => runId === 'b' && call.attempts === 0).length).toBe(10);

  // Taken up again, what was borrowed is still nobody's money of this run.
  store.resultList.clear();
  await run({ runId: 'b', resumed: true, models, method: thrice });
  for await (const result of store.results('b')) expect(result.usage).toEqual({ ...usage, replayedCalls: 3 });
  expect([second.asked.length, judge.asked.length]).toEqual([10, 10]);
});
