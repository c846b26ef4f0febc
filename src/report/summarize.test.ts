import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FettleError, type Score } from '../core/index.ts';
import { makeResult, noUsage, shopBenchmark, shopResults, shopTasks } from './__fixtures__/results.ts';
import { renderTable } from './render-table.ts';
import { summarize, type SummarizeOptions } from './summarize.ts';

const summarizeTask = (change: Partial<SummarizeOptions>) =>
  summarize({ mode: 'strict', tasks: [{ name: 'colours' }], results: [], includeSamples: false, ...change });

const values = (list: readonly number[], change: (i: number) => Parameters<typeof makeResult>[0] = () => ({})) =>
  list.map((value, index) => makeResult({ index, score: { value }, ...change(index) }));

describe('summarize', () => {
  it('gives the contract of --json for scored replies', async () => {
    const summary = await summarize({
      benchmark: shopBenchmark,
      mode: 'strict',
      tasks: shopTasks,
      results: shopResults({ seed: 'a', skill: 0.6 }),
      includeSamples: true,
    });
    expect(Object.keys(summary.tasks)).toEqual(shopTasks.map((task) => task.name));
    expect(summary.samples).toHaveLength(216);
    expect(summary.samples[0]).toMatchObject({ id: 'attribute-value#0', task: 'attribute value', parsed: true });
    expect(Object.keys(summary.groups)).toEqual(['concept', 'reasoning', 'behavior', 'multilingual']);
    expect(summary).not.toHaveProperty('run');
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
    const scores = Object.values(summary.tasks).map((task) => task.score as number);
    expect(summary.overall).toBeCloseTo(scores.reduce((a, b) => a + b, 0) / scores.length, 12);
    expect(summary.groups['reasoning']).toBeCloseTo(((scores[3] as number) + (scores[4] as number)) / 2, 12);
    const [low, high] = summary.overallDetail.interval ?? [1, 0];
    expect(low).toBeLessThan(summary.overall as number);
    expect(high).toBeGreaterThan(summary.overall as number);
    expect(Object.keys(summary.breakdowns)).toEqual(['skill', 'type', 'language']);
    expect(summary.breakdowns['skill']?.['concept']?.score).toBeCloseTo(summary.groups['concept'] as number, 12);
    expect(Object.keys(summary.breakdowns['language'] ?? {}).toSorted()).toEqual(['de', 'en', 'es', 'fr', 'it', 'ja']);
  });

  it('is the same for the same results', async () => {
    const make = () =>
      summarize({
        benchmark: shopBenchmark,
        mode: 'strict',
        tasks: shopTasks,
        results: shopResults({ seed: 'b', skill: 0.5 }),
        includeSamples: true,
      });
    expect(JSON.stringify(await make())).toBe(JSON.stringify(await make()));
  });

  it('tells how further scorers agree with the first, over whole groups', async () => {
    const results = Array.from({ length: 40 }, (_, i) => {
      const own = i % 3 === 0 ? 1 : 0.5;
      const other = i % 4 === 0 ? null : i % 3 === 0 || i % 7 === 0 ? 1 : 0;
      return makeResult({
        index: i,
        group: `g${i >> 1}`,
        scores: { main: { value: own, parsed: true }, judge: { value: other, parsed: true, reason: 'none' } },
      });
    });
    const summary = await summarizeTask({ results, includeSamples: false });
    const pairs = [...results.keys()].filter((i) => i % 4 !== 0);
    const same = pairs.filter((i) => i % 3 === 0 || i % 7 !== 0).length;
    const agreement = summary.agreement?.['judge'];
    expect(agreement).toMatchObject({ n: pairs.length, agreement: same / pairs.length });
    expect(agreement?.kappa).toBeGreaterThan(0.5);
    expect(agreement?.interval?.[0]).toBeLessThan(agreement?.kappa ?? 0);
    expect(summary.notes.join()).toContain('full credit by "judge" agrees');
    expect(await summarizeTask({ results: values([1, 0]) })).not.toHaveProperty('agreement');
  });

  it('counts a failed sample as its benchmark settled it', async () => {
    const failure = { status: 'failed', answer: null, error: { code: 'x', message: 'cut off' } } as const;
    const results = [
      makeResult({ index: 0, score: { value: 1 } }),
      makeResult({ ...failure, index: 1, score: { value: null, parsed: false, reason: 'left out' } }),
      makeResult({ ...failure, index: 2, scores: {} }),
    ];
    const summary = await summarizeTask({ results, includeSamples: true });
    expect(summary.tasks['colours']).toMatchObject({
      n: 2,
      score: 0.5,
      failed: { count: 1 },
      excluded: { count: 1, reasons: { 'left out': 1 } },
    });
    expect(summary.samples.map(({ value, reason }) => [value, reason])).toEqual([
      [1, undefined],
      [null, 'left out'],
      [0, undefined],
    ]);
  });

  it('gives the means of further scorers, failed samples as 0, samples without a number left out', async () => {
    const score = () => ({ value: 0, parsed: true });
    const scorers = [
      { name: 'first', score },
      { name: 'second', score },
      { name: 'silent', score },
    ] as const;
    const scores = (second: number | null) => ({
      first: { value: 1, parsed: true },
      second: { value: second, parsed: true },
      silent: { value: null, parsed: true },
    });
    const summary = await summarizeTask({
      tasks: [{ name: 'colours', scorers: [...scorers] }],
      results: [
        makeResult({ index: 0, scores: scores(0.5) }),
        makeResult({ index: 1, scores: scores(1) }),
        makeResult({ index: 2, scores: scores(null) }),
        makeResult({ index: 3, status: 'failed', answer: null, scores: {}, error: { code: 'x', message: 'y' } }),
      ],
    });
    expect(summary.tasks['colours']).toMatchObject({
      score: 0.75,
      further: { second: { n: 3, score: 0.5 } },
    });
    expect(summary.tasks['colours']?.further).not.toHaveProperty('silent');
    expect(renderTable(summary)).toContain('colours by other scorers: second 0.500');
    expect((await summarizeTask({ results: values([1]) })).tasks['colours']).not.toHaveProperty('further');
  });

  it('counts failed samples as 0 and unparsed replies as wrong', async () => {
    const results = [
      makeResult({ index: 0 }),
      makeResult({ index: 1, score: { value: 0, parsed: false } }),
      makeResult({ index: 2, status: 'failed', answer: null, scores: {}, error: { code: 'x', message: 'cut off' } }),
      makeResult({ index: 3 }),
    ];
    const summary = await summarizeTask({ results, includeSamples: true });
    expect(summary.tasks['colours']).toMatchObject({
      n: 4,
      score: 0.5,
      unparsed: { count: 1, rate: 0.25 },
      failed: { count: 1, rate: 0.25 },
      intervalMethod: 'Wilson',
    });
    expect(summary.samples[2]).toMatchObject({ value: 0, parsed: false, status: 'failed', error: 'cut off' });
    expect(summary.errors).toEqual([{ where: 'colours/s2', message: 'cut off', count: 1 }]);
  });

  it('takes samples without a value out of the denominator and counts why', async () => {
    const results = [
      makeResult({ index: 0 }),
      makeResult({ index: 1, score: { value: null, reason: 'encoder missing' } }),
      makeResult({ index: 2, score: { value: null, reason: 'encoder missing' } }),
    ];
    const summary = await summarizeTask({ results });
    expect(summary.tasks['colours']).toMatchObject({
      n: 1,
      score: 1,
      excluded: { count: 2, reasons: { 'encoder missing': 2 } },
    });
    const none = await summarizeTask({ results: results.slice(1) });
    expect(none.tasks['colours']).toMatchObject({ n: 0, score: null, reason: 'encoder missing', interval: null });
    expect(none.overall).toBeNull();
  });

  it('leaves a task without a figure when its scoring broke', async () => {
    const results = [
      makeResult({ index: 0 }),
      makeResult({ index: 1, score: { value: null, broken: true, reason: 'judge gone' } }),
    ];
    const summary = await summarizeTask({ results });
    expect(summary.tasks['colours']).toMatchObject({ score: null, error: 'judge gone' });
    expect(summary.overallDetail).toMatchObject({ score: null, error: 'judge gone' });
    expect(summary.errors).toEqual([{ where: 'colours/s1', message: 'judge gone', count: 1 }]);
  });

  it('shows what an aggregate throws as the error of its task, and throws what is no FettleError', async () => {
    const task = (error: Error) => ({
      name: 'colours',
      aggregate: {
        name: 'micro f1',
        compute: () => {
          throw error;
        },
      },
    });
    const crash = new FettleError('the reference divides by zero here', { code: 'reference-crash' });
    const summary = await summarizeTask({ tasks: [task(crash)], results: values([1, 0]) });
    expect(summary.tasks['colours']).toMatchObject({ score: null, error: crash.message });
    expect(summary.errors).toEqual([{ where: 'colours', message: crash.message, count: 1 }]);
    await expect(summarizeTask({ tasks: [task(new TypeError('bug'))], results: values([1]) })).rejects.toThrow('bug');
  });

  it('lets an aggregate see counts, and scales it by the share that completed', async () => {
    const f1 = (scores: readonly Score[]) => {
      const sum = (key: string) => scores.reduce((total, score) => total + (score.counts?.[key] ?? 0), 0);
      return (2 * sum('tp')) / (2 * sum('tp') + sum('fp') + sum('fn'));
    };
    const tasks = [{ name: 'colours', aggregate: { name: 'micro f1', compute: f1 } }];
    const results = [
      makeResult({ index: 0, score: { counts: { tp: 3, fp: 1, fn: 0 } } }),
      makeResult({ index: 1, score: { counts: { tp: 0, fp: 1, fn: 2 } } }),
    ];
    const whole = await summarizeTask({ tasks, results });
    expect(whole.tasks['colours']?.score).toBeCloseTo(0.6, 12);
    expect(whole.tasks['colours']).toMatchObject({ metric: 'micro f1', intervalMethod: 'bootstrap' });
    const failed = makeResult({ index: 2, status: 'failed', scores: {}, answer: null });
    const third = await summarizeTask({ tasks, results: [...results, failed] });
    expect(third.tasks['colours']?.score).toBeCloseTo(0.4, 12);
    expect(third.tasks['colours']?.note).toContain('failed samples count as 0');
  });

  it('averages epochs within samples: asking again narrows nothing', async () => {
    const once = await summarizeTask({ results: values([1, 0, 1, 1, 0, 1]) });
    const results = values([1, 0, 1, 1, 0, 1]).flatMap((result) =>
      [1, 2, 3].map((epoch) => Object.assign({}, result, { epoch })),
    );
    const thrice = await summarizeTask({ results, includeSamples: true });
    expect(thrice.tasks['colours']).toMatchObject({ n: 6, results: 18, epochs: 3 });
    expect(thrice.tasks['colours']?.interval).toEqual(once.tasks['colours']?.interval);
    expect(thrice.samples[1]?.epoch).toBe(2);
    const unordered = await summarizeTask({ results: results.toReversed() });
    expect(unordered.tasks['colours']?.score).toBe(thrice.tasks['colours']?.score);
  });

  it('widens the interval where samples share a group', async () => {
    const list = Array.from({ length: 40 }, (_, i) => (i % 8 < 4 ? 1 : 0));
    const alone = await summarizeTask({ results: values(list) });
    const grouped = await summarizeTask({ results: values(list, (i) => ({ group: `set ${Math.floor(i / 4)}` })) });
    const width = (summary: typeof alone) => {
      const [low, high] = summary.tasks['colours']?.interval ?? [0, 0];
      return high - low;
    };
    expect(grouped.tasks['colours']?.intervalMethod).toBe('cluster bootstrap');
    expect(width(grouped)).toBeGreaterThan(1.4 * width(alone));
  });

  it('uses the rule of the benchmark for its table, with the replies in reference modes', async () => {
    let seen: readonly string[] | undefined;
    const benchmark = {
      name: 'own',
      figures: (tasks: readonly { replies?: readonly string[] }[]) => {
        seen ??= tasks[0]?.replies;
        return { groups: { all: { score: 0.25 } }, overall: { score: null, error: 'the reference stops here' } };
      },
    };
    const summary = await summarizeTask({ benchmark, mode: 'reference', results: values([1, 1]) });
    expect(seen).toEqual(['0', '0']);
    expect(summary.groups).toEqual({ all: 0.25 });
    expect(summary.overallDetail).toMatchObject({ score: null, error: 'the reference stops here' });
  });

  it('claims no certainty where every answer was right', async () => {
    const tasks = ['a', 'b'].map((name) => ({ name, labels: { skill: 'x' } }));
    const results = Array.from({ length: 8 }, (_, index) => makeResult({ index, task: index < 4 ? 'a' : 'b' }));
    const benchmark = { name: 'own', groupBy: 'skill', breakdowns: ['skill'] };
    const { groupDetails, tasks: figures } = await summarizeTask({ benchmark, tasks, results });
    expect(groupDetails['x']).toMatchObject({ score: 1, intervalMethod: 'Wilson' });
    expect(groupDetails['x']?.interval?.[0]).toBeLessThan(0.75);
    const one = await summarizeTask({ benchmark, tasks, results: results.slice(0, 4) });
    expect(one.groupDetails['x']?.interval).toEqual(figures['a']?.interval);
  });

  it('says where groups miss a task', async () => {
    const tasks = ['a', 'b'].map((name) => ({ name, labels: { skill: 'x' } }));
    const results = [
      makeResult({ task: 'a', index: 0 }),
      makeResult({ task: 'b', index: 1, score: { value: null, reason: 'encoder missing' } }),
    ];
    const summary = await summarizeTask({ benchmark: { name: 'own', groupBy: 'skill' }, tasks, results });
    expect(summary.groupDetails['x']).toMatchObject({ score: 1, reason: '1 of 2 not scored', tasks: 2 });
  });

  it('sums usage and cost, and finds breakdowns by itself for own evaluations', async () => {
    const results = values([1, 0, 1, 0], (i) => ({
      labels: { language: i % 2 === 0 ? 'en' : 'de', same: 'x' },
      usage: { ...noUsage, inputTokens: 10, outputTokens: 2, calls: 1, cost: 0.5 },
    }));
    const summary = await summarizeTask({ results, run: { id: 'r', models: { main: 'test:x' } } });
    expect(summary.usage).toEqual({
      inputTokens: 40,
      outputTokens: 8,
      calls: 4,
      wastedCalls: 0,
      replayedCalls: 0,
      cost: 2,
    });
    expect(summary.breakdowns).toMatchObject({ language: { en: { score: 1, n: 2 }, de: { score: 0, n: 2 } } });
    expect(summary.breakdowns).not.toHaveProperty('same');
    expect(summary.overallDetail).toMatchObject({ tokens: { input: 40, output: 8 }, cost: 2 });
  });

  it('counts one message of many samples once, and survives hostile names', async () => {
    const failing = Array.from({ length: 500 }, (_, index) =>
      makeResult({
        index,
        task: '__proto__',
        status: 'failed',
        scores: {},
        answer: null,
        error: { code: 'x', message: 'down' },
      }),
    );
    const summary = await summarizeTask({ tasks: [{ name: '__proto__' }], results: failing });
    expect(summary.errors).toEqual([{ where: '__proto__/s0', message: 'down', count: 500 }]);
    expect(Object.entries(summary.tasks).map(([name, task]) => [name, task.n])).toEqual([['__proto__', 500]]);
  });

  it('never gives an interval that leaves out the score of a mean', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }),
        async (list) => {
          const { tasks } = await summarizeTask({ results: values(list) });
          const { score, interval } = tasks['colours'] as { score: number; interval: [number, number] | null };
          expect(score).toBeCloseTo(list.reduce((a, b) => a + b, 0) / list.length, 9);
          if (interval !== null) expect(interval[0] - 1e-9 <= score && score <= interval[1] + 1e-9).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });
});
