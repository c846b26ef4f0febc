import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MemoryStore } from '../core/__fixtures__/memory-store.ts';
import type { SampleResult, Settle, SettledScore, Task } from '../core/index.ts';
import { resumeRun, startRun } from './run-evaluation.ts';
import { scoreReplies } from './score-replies.ts';
import { settledView, settleRun } from './settle.ts';

/** Letters in alphabetical order score by their rank: a verdict that needs all others. */
const settle: Settle = async (results) => {
  const seen: SampleResult[] = [];
  for await (const result of results) seen.push(result);
  const order = seen.map((result) => result.answer?.text ?? '~').toSorted();
  return seen.map(({ task, sampleId, epoch, answer, status }): SettledScore => ({
    task,
    sampleId,
    epoch,
    scorer: 'rank',
    score:
      status === 'failed'
        ? { value: null, parsed: false, reason: 'no rank' }
        : { value: order.indexOf(answer?.text ?? '~') / seen.length, parsed: true },
  }));
};

const letters: Task = {
  name: 'letters',
  samples: () => ['a', 'b', 'c', 'd'].map((id) => ({ id, input: [{ role: 'user', content: id }], target: id })),
  scorers: [{ name: 'rank', score: () => ({ value: null, parsed: false, reason: 'not settled' }) }],
};

const replies = { byId: new Map(Object.entries({ a: 'z', b: 'x', d: 'y' })), inOrder: [] };

describe('settle', () => {
  it.each([
    [
      'fail',
      [
        ['a', 0.5],
        ['b', 0],
        ['c', null],
        ['d', 0.25],
      ],
    ],
    [
      'skip',
      [
        ['a', 0.5],
        ['b', 0],
        ['d', 0.25],
      ],
    ],
  ] as const)('sees every sample when replies are scored, with --missing %s', async (missing, expected) => {
    const opened = { tasks: [letters], settle };
    const { results } = await scoreReplies({ opened, replies, source: 'replies', models: {}, missing });
    expect(results.map(({ sampleId, scores }) => [sampleId, scores['rank']?.value])).toEqual(expected);
  });

  it('changes the results of a run, or shows them changed', async () => {
    const { results } = await scoreReplies({
      opened: { tasks: [letters] },
      replies,
      source: 'replies',
      models: {},
      missing: 'fail',
    });
    const store = new MemoryStore();
    for (const result of results) await store.saveResult('run', result);
    const values = async (list: AsyncIterable<SampleResult>) =>
      (await Array.fromAsync(list)).map(({ scores }) => scores['rank']?.value);
    expect(await values(await settledView({ settle }, () => store.results('run')))).toEqual([0.5, 0, null, 0.25]);
    expect(await values(store.results('run'))).toEqual([null, null, undefined, null]);
    await settleRun({ settle }, store, 'run');
    expect(await values(store.results('run'))).toEqual([0.5, 0, null, 0.25]);
  });

  it('settles a run at its end, and again when it is resumed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fettle-settle-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    // Every sample scores the share of the run's samples that are there: more samples, another verdict on the first.
    writeFileSync(
      join(folder, 'counted.mjs'),
      `const task = {
        name: 'letters',
        samples: () => ['a', 'b', 'c', 'd'].map((id) => ({ id, input: [{ role: 'user', content: id }], target: id })),
        scorers: [{ name: 'share', score: () => ({ value: null, parsed: false, reason: 'not settled' }) }],
      };
      export const benchmark = {
        name: 'counted', title: 'Counted', description: '', modes: ['strict'],
        open: async () => ({
          tasks: [task], dataHash: 'x', location: 'here',
          async settle(results) {
            const seen = [];
            for await (const result of results) seen.push(result);
            return seen.map(({ task, sampleId, epoch }) => ({
              task, sampleId, epoch, scorer: 'share', score: { value: seen.length / 4, parsed: true },
            }));
          },
        }),
      };`,
    );
    const store = new MemoryStore();
    const first = await startRun(
      {
        target: { kind: 'module', path: join(folder, 'counted.mjs') },
        models: { main: 'test:echo' },
        budget: { calls: 2 },
        concurrency: 1,
      },
      store,
    );
    const values = async () =>
      (await Array.fromAsync(store.results(first.run.id))).map(({ scores }) => scores['share']?.value);
    const before = await values();
    expect(first.outcome.state).toBe('interrupted');
    expect(before.length).toBeLessThan(4);
    expect(new Set(before)).toEqual(new Set([before.length / 4]));
    expect(first.summary.overall).toBe(before.length / 4);
    const second = await resumeRun(first.run.id, store, { changes: { budget: {} } });
    expect(second.outcome.state).toBe('completed');
    expect(second.summary.overall).toBe(1);
    expect(await values()).toEqual([1, 1, 1, 1]);
  });
});
