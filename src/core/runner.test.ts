import { describe, expect, it } from 'vitest';
import { MemoryStore } from './__fixtures__/memory-store.ts';
import { scriptedModel } from './__fixtures__/scripted-model.ts';
import {
  createProgress,
  FettleError,
  type Method,
  type Model,
  type RunTasksOptions,
  runTasks,
  type Sample,
  type Scorer,
  type Task,
} from './index.ts';

const exact: Scorer = {
  name: 'exact',
  score: ({ text }, { target }) => ({ value: text === target ? 1 : 0, parsed: true }),
};

function task(count: number, change: Partial<Task> = {}): Task {
  return {
    name: 'numbers',
    size: count,
    *samples(): Generator<Sample> {
      for (let i = 0; i < count; i++) {
        yield { id: `s${i}`, input: [{ role: 'user', content: `Say ${i}` }], target: String(i) };
      }
    },
    scorers: [exact],
    ...change,
  };
}

const once: Method = {
  name: 'once',
  options: {},
  async solve(sample, { models, settings }) {
    return { text: (await models.main.generate({ ...settings, messages: sample.input })).text };
  },
};

/** Asks the same thing three times, one after another: the n-th equal request has its own key. */
const thrice: Method = {
  name: 'thrice',
  options: {},
  async solve(sample, { models, settings, random }) {
    const replies: string[] = [];
    for (let i = 0; i < 3; i++) {
      replies.push((await models.main.generate({ ...settings, messages: sample.input })).text);
    }
    return { text: `${replies.join('+')}:${random.next()}` };
  },
};

function start(
  model: Model,
  change: Partial<RunTasksOptions> = {},
): Promise<Awaited<ReturnType<typeof runTasks>>> & { store: MemoryStore } {
  const store = (change.store as MemoryStore | undefined) ?? new MemoryStore();
  const run = runTasks({
    runId: 'r',
    store,
    tasks: [task(10)],
    models: { main: model },
    method: once,
    concurrency: 3,
    ...change,
  });
  return Object.assign(run, { store });
}

const digits = (): Model & { asked: unknown[] } => scriptedModel((prompt) => prompt.replace(/\D/g, ''));

describe('runTasks', () => {
  it('carries every sample through method and scorers into the store, in order', async () => {
    const progress = createProgress();
    const run = start(digits(), { progress });
    expect(await run).toMatchObject({ state: 'completed', completed: 10, failed: 0 });
    const results = await Array.fromAsync(run.store.results('r'));
    expect(results.map((result) => result.sampleId)).toEqual(Array.from({ length: 10 }, (_, i) => `s${i}`));
    expect(results.every((result) => result.scores['exact']?.value === 1)).toBe(true);
    expect(results[0]?.usage).toMatchObject({ calls: 1, inputTokens: 10, outputTokens: 5, cost: 20e-6 });
    expect(progress).toMatchObject({ total: 10, completed: 10, running: 0, calls: 10 });
  });

  it('reads samples only as they are started', async () => {
    let read = 0;
    let furthestAhead = 0;
    let answered = 0;
    const lazy = task(100, {
      async *samples() {
        for (let i = 0; i < 100; i++) {
          read += 1;
          yield { id: `s${i}`, input: [{ role: 'user', content: `Say ${i}` }], target: String(i) };
        }
      },
    });
    const model = scriptedModel(async () => {
      furthestAhead = Math.max(furthestAhead, read - answered);
      await new Promise((resolve) => setImmediate(resolve));
      answered += 1;
      return '';
    });
    await start(model, { tasks: [lazy] });
    expect(furthestAhead).toBeLessThanOrEqual(4);
  });

  it('gives the n-th equal request of a sample its own key, and each epoch its own seed', async () => {
    let n = 0;
    const run = start(
      scriptedModel(() => String(n++)),
      { method: thrice, tasks: [task(2)], epochs: 2, concurrency: 1 },
    );
    await run;
    expect(new Set(run.store.callList.map(({ call }) => `${call.sampleId}${call.epoch}${call.key}`)).size).toBe(12);
    const texts = (await Array.fromAsync(run.store.results('r'))).map((result) => result.answer?.text);
    expect(texts.map((text) => text?.split(':')[0])).toEqual(['0+1+2', '3+4+5', '6+7+8', '9+10+11']);
    expect(new Set(texts.map((text) => text?.split(':')[1])).size).toBe(4);
  });

  it('replays journaled calls after a stop at any point and ends like an undisturbed run', async () => {
    const answer = (prompt: string): string => `${prompt.replace(/\D/g, '')}!`;
    const whole = start(scriptedModel(answer), { method: thrice, tasks: [task(6)] });
    await whole;
    const expected = (await Array.fromAsync(whole.store.results('r'))).map(({ answer: text, scores }) => [
      text,
      scores,
    ]);
    for (let stopAfter = 0; stopAfter < 18; stopAfter++) {
      const store = new MemoryStore();
      const stop = new AbortController();
      let calls = 0;
      const first = scriptedModel((prompt) => {
        if (++calls > stopAfter) stop.abort(new Error('killed'));
        stop.signal.throwIfAborted();
        return answer(prompt);
      });
      const outcome = await start(first, { store, method: thrice, tasks: [task(6)], stop: stop.signal });
      expect(outcome.state).toBe('interrupted');
      const journaled = store.callList.length;
      const second = scriptedModel(answer);
      const again = await start(second, { store, method: thrice, tasks: [task(6)], resumed: true });
      expect(again.state).toBe('completed');
      expect(second.asked).toHaveLength(18 - journaled);
      const results = await Array.fromAsync(store.results('r'));
      expect(results.map(({ answer: text, scores }) => [text, scores])).toEqual(expected);
    }
  });

  it('keeps a failed sample as failed and goes on', async () => {
    const model = scriptedModel((prompt) => {
      if (prompt.includes('3')) throw new FettleError('no', { code: 'model-refused', hint: 'ask nicely' });
      return '1';
    });
    const run = start(model);
    expect(await run).toMatchObject({ state: 'completed', completed: 9, failed: 1 });
    expect(await run.store.resultOf('r', 's3')).toMatchObject({
      status: 'failed',
      error: { code: 'model-refused', hint: 'ask nicely' },
    });
  });

  it('fails the sample alone whose image cannot be read', async () => {
    const image = {
      label: 'gone.png',
      load: () => Promise.reject(new FettleError('There is no gone.png', { code: 'data-missing' })),
    };
    const samples: Sample[] = [
      { id: 'a', input: [{ role: 'user', content: '1' }], target: '1' },
      { id: 'b', input: [{ role: 'user', content: [{ type: 'image', image }] }], target: '1' },
      { id: 'c', input: [{ role: 'user', content: '1' }], target: '1' },
    ];
    const run = start(digits(), { tasks: [{ ...task(3), samples: () => samples }] });
    expect(await run).toMatchObject({ state: 'completed', completed: 2, failed: 1 });
    expect(await run.store.resultOf('r', 'b')).toMatchObject({
      error: { code: 'data-missing', message: 'There is no gone.png' },
      input: [{ role: 'user', content: [{ type: 'text', text: '[unreadable image gone.png]' }] }],
    });
  });

  it('stops when every sample fails alike, unless told to go on', async () => {
    const broken = (): Model =>
      scriptedModel(() => {
        throw new FettleError('wrong key', { code: 'model-auth' });
      });
    const outcome = await start(broken(), { tasks: [task(200)] });
    expect(outcome).toMatchObject({ state: 'failed', error: { code: 'every-sample-fails' } });
    expect(outcome.failed).toBeLessThan(40);
    expect(await start(broken(), { tasks: [task(50)], keepGoing: true })).toMatchObject({
      state: 'completed',
      failed: 50,
    });
  });

  it('stops cleanly at a budget and can be resumed with a larger one', async () => {
    const store = new MemoryStore();
    const outcome = await start(digits(), { store, budget: { calls: 4 }, concurrency: 1 });
    expect(outcome).toMatchObject({ state: 'interrupted', completed: 4, error: { code: 'budget-exhausted' } });
    const rest = digits();
    const again = await start(rest, { store, resumed: true, alreadySpent: { calls: 4, tokens: 60, cost: 0 } });
    expect(again).toMatchObject({ state: 'completed', completed: 10 });
    expect(rest.asked).toHaveLength(6);
  });

  it('ends the run, not the sample, when the journal cannot be written', async () => {
    const store = new MemoryStore();
    store.appendFails = new FettleError('The disk is full.', { code: 'disk-full' });
    const outcome = await start(digits(), { store });
    expect(outcome).toMatchObject({ state: 'failed', error: { code: 'disk-full' } });
    expect(store.resultList.size).toBe(0);
  });

  it('drains: samples in flight end, no new ones start', async () => {
    const drain = new AbortController();
    let calls = 0;
    const model = scriptedModel((prompt) => {
      if (++calls === 4) drain.abort();
      return prompt.replace(/\D/g, '');
    });
    const outcome = await start(model, { drain: drain.signal, concurrency: 1 });
    expect(outcome).toMatchObject({ state: 'interrupted', completed: 4 });
  });

  it('refuses two samples of one id', async () => {
    const twins = task(2, {
      *samples() {
        yield { id: 'a', input: [{ role: 'user', content: 'x' }], target: '' };
        yield { id: 'a', input: [{ role: 'user', content: 'y' }], target: '' };
      },
    });
    expect(await start(digits(), { tasks: [twins] })).toMatchObject({
      state: 'failed',
      error: { code: 'duplicate-sample' },
    });
  });

  it('refuses a score that is no number', async () => {
    const nan: Scorer = { name: 'nan', score: () => ({ value: Number.NaN, parsed: true }) };
    const run = start(digits(), { tasks: [task(1, { scorers: [nan] })] });
    expect(await run).toMatchObject({ failed: 1 });
  });

  it('answers deterministic requests from other runs with useCache, and copies them into its own journal', async () => {
    const store = new MemoryStore();
    const settings = { temperature: 0 };
    await start(digits(), { store, settings });
    const model = digits();
    await start(model, { store, runId: 'second', settings, useCache: true });
    expect(model.asked).toHaveLength(0);
    expect(store.callList.filter(({ runId }) => runId === 'second')).toHaveLength(10);
    const warm = digits();
    await start(warm, { store, runId: 'third', settings: { temperature: 1 }, useCache: true });
    expect(warm.asked).toHaveLength(10);
  });

  it('hashes prompts alike whatever the order of starts', async () => {
    const one = await start(digits(), { concurrency: 1 });
    const many = await start(digits(), { concurrency: 9 });
    expect(one.promptsHash).toBe(many.promptsHash);
    expect((await start(digits(), { tasks: [task(9)] })).promptsHash).not.toBe(one.promptsHash);
  });
});
