import { describe, expect, it } from 'vitest';
import type { RunRecord, SampleResult, TaskFigure } from '../../core/index.ts';
import { makeResult, shopBenchmark, shopResults, shopTasks } from '../__fixtures__/results.ts';
import { summarize } from '../summarize.ts';
import { compareRuns } from './compare-runs.ts';
import { renderComparison } from './render-comparison.ts';

async function runOf(
  id: string,
  results: readonly SampleResult[],
  hashes: RunRecord['hashes'] = { data: 'd', code: 'c' },
  mode = 'strict',
) {
  const run = { id, models: { main: `test:${id}` }, hashes };
  const summary = await summarize({ mode, tasks: [], results, run, includeSamples: false });
  return { summary, results: () => results };
}

const results = (values: readonly number[], change: (i: number) => Parameters<typeof makeResult>[0] = () => ({})) =>
  values.map((value, index) => makeResult({ index, score: { value }, ...change(index) }));

describe('compareRuns', () => {
  it('pairs by id, whatever the order, and tests binary tasks by McNemar', async () => {
    const a = results([1, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    const b = results([1, 1, 1, 1, 1, 1, 1, 1, 1, 0]).toReversed();
    const { comparisons } = await compareRuns([await runOf('a', a), await runOf('b', b)]);
    const task = comparisons[0]?.tasks['colours'];
    // 6 pairs for b, 1 for a: two-sided binomial, 2 * (1 + 7) / 2^7.
    expect(task).toMatchObject({
      n: 10,
      first: 0.4,
      second: 0.9,
      firstBetter: 1,
      secondBetter: 6,
      test: 'McNemar exact',
    });
    expect(task?.pValue).toBeCloseTo(16 / 128, 12);
    expect(task?.pAdjusted).toBeCloseTo(16 / 128, 12);
    expect(task?.difference).toBeCloseTo(0.5, 12);
    expect(comparisons[0]?.overall.difference).toBeCloseTo(0.5, 12);
  });

  it('finds no difference between a run and itself', async () => {
    const a = results([0.1, 0.9, 0.4, 0.3]);
    const { comparisons } = await compareRuns([await runOf('a', a), await runOf('b', a)]);
    expect(comparisons[0]?.overall).toMatchObject({ difference: 0, pValue: 1, interval: null });
    expect(comparisons[0]?.tasks['colours']).toMatchObject({ difference: 0, pValue: 1, detectable: null });
    expect(comparisons[0]?.warnings).toEqual([]);
  });

  it('averages epochs, counts failures as 0, and leaves out what only one run has', async () => {
    const a = [...results([1, 1]), makeResult({ index: 0, epoch: 2, score: { value: 0 } })];
    const b = [
      makeResult({ index: 0, status: 'failed', scores: {}, answer: null }),
      makeResult({ index: 5, sampleId: 'other' }),
    ];
    const { comparisons } = await compareRuns([await runOf('a', a), await runOf('b', b)]);
    expect(comparisons[0]).toMatchObject({ pairs: 1, onlyFirst: 1, onlySecond: 1 });
    expect(comparisons[0]?.tasks['colours']).toMatchObject({ first: 0.5, second: 0, difference: -0.5 });
    expect(comparisons[0]?.warnings).toContainEqual(expect.stringContaining('only in the first'));
  });

  it('warns of other data, prompts, modes, and of nothing in common', async () => {
    const a = await runOf('a', results([1]), { data: 'd1', code: 'c', prompts: 'p1' });
    const b = await runOf('b', [makeResult({ sampleId: 'z' })], { data: 'd2', code: 'c', prompts: 'p2' }, 'reference');
    const [pair] = (await compareRuns([a, b])).comparisons;
    for (const word of ['modes differ', 'data differ', 'prompts differ', 'no sample in common']) {
      expect(pair?.warnings.join('\n')).toContain(word);
    }
    expect(pair?.overall).toMatchObject({ n: 0, difference: null, pValue: null });
    expect(renderComparison(await compareRuns([a, b]))).toContain('warning: the data differ');
  });

  it('compares several runs of a benchmark with the first, by task, group and overall', async () => {
    const shop = async (seed: string, skill: number) => ({
      summary: await summarize({
        benchmark: shopBenchmark,
        mode: 'strict',
        tasks: shopTasks,
        results: shopResults({ seed, skill }),
        includeSamples: false,
      }),
      results: () => shopResults({ seed, skill }),
    });
    const runs = [await shop('a', 0.4), await shop('b', 0.45), await shop('c', 0.9)];
    const comparison = await compareRuns(runs, { tasks: shopTasks });
    expect(comparison.comparisons).toHaveLength(2);
    const strong = comparison.comparisons[1];
    expect(strong?.overall.pValue).toBeLessThan(0.001);
    const [low, high] = strong?.overall.interval ?? [0, 0];
    expect(low).toBeGreaterThan(0);
    expect(low < (strong?.overall.difference ?? 0) && (strong?.overall.difference ?? 0) < high).toBe(true);
    expect(strong?.overall.difference).toBeCloseTo(
      (runs[2]?.summary.overall ?? 0) - (runs[0]?.summary.overall ?? 0),
      9,
    );
    expect(Object.keys(strong?.groups ?? {})).toEqual(Object.keys(runs[0]?.summary.groups ?? {}));
    const f1 = strong?.tasks['entity in query'];
    expect(f1?.second).toBeCloseTo(runs[2]?.summary.tasks['entity in query']?.score ?? 0, 12);
    expect(f1?.note).toContain('micro f1');
    const adjusted = Object.values(strong?.tasks ?? {}).map((task) => [task.pValue, task.pAdjusted]);
    for (const [p, corrected] of adjusted) expect(corrected).toBeGreaterThanOrEqual(p as number);
    for (const line of renderComparison(comparison).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('keeps clusters together', async () => {
    const values = Array.from({ length: 24 }, (_, i) => (i < 12 ? 1 : 0));
    const group = (i: number) => ({ group: `set ${Math.floor(i / 12)}` });
    const a = await runOf(
      'a',
      results(
        values.map(() => 0),
        group,
      ),
    );
    const b = await runOf('b', results(values, group));
    const [pair] = (await compareRuns([a, b])).comparisons;
    expect(pair?.tasks['colours']?.test).toContain('clusters');
    // One of two clusters differs: its sign can fall either way.
    expect(pair?.tasks['colours']?.pValue).toBe(1);
  });

  it('takes the mean over samples where the benchmark does, groups together across its tasks', async () => {
    // 6 samples of one task and 2 of another; a group holds samples of both.
    const tasks = ['long', 'long', 'long', 'long', 'long', 'long', 'short', 'short'];
    const benchmark = {
      name: 'kinds',
      figures: (parts: readonly TaskFigure[]) => {
        const n = parts.reduce((sum, part) => sum + part.n, 0);
        const score = parts.reduce((sum, part) => sum + (part.n / n) * (part.score ?? 0), 0);
        return { groups: {}, overall: { score } };
      },
    };
    const side = async (values: readonly number[]) => {
      const list = results(values, (i) => ({ task: tasks[i] ?? '', sampleId: `s${i}`, group: `chart ${i % 4}` }));
      const summary = await summarize({ benchmark, mode: 'strict', tasks: [], results: list, includeSamples: false });
      return { summary, results: () => list };
    };
    const a = await side([1, 0, 0, 0, 0, 0, 0, 0]);
    const b = await side([1, 1, 1, 1, 0, 0, 0, 0]);
    expect([a.summary.overall, b.summary.overall]).toEqual([1 / 8, 4 / 8]);
    const [pair] = (await compareRuns([a, b])).comparisons;
    expect(pair?.overall).toMatchObject({ n: 8, first: 1 / 8, second: 4 / 8, difference: 3 / 8 });
    expect(pair?.overall.test).toContain('clusters');
  });

  it('refuses a single run', async () => {
    await expect(compareRuns([await runOf('a', results([1]))])).rejects.toThrow('two runs');
  });
});
