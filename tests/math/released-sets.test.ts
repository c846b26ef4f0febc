import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { OpenedBenchmark, Sample, Task } from '../../src/core/index.ts';
import { loadBenchmark } from '../../src/benchmarks/index.ts';

const root = fileURLToPath(new URL('../../../shared/data/stepco', import.meta.url));
const here = existsSync(root);
if (!here) console.warn('the released sets are not at ../shared/data/stepco: their counts and golds are not tested');

const open = async (
  name: string,
  data: string,
  options: Record<string, string> = {},
  mode = 'strict',
): Promise<OpenedBenchmark> => (await loadBenchmark(name)).open({ data: `${root}/test-sets/${data}`, mode, options });

const signal = new AbortController().signal;

async function right(task: Task, reply: (sample: Sample) => string): Promise<{ n: number; wrong: string[] }> {
  const wrong: string[] = [];
  let n = 0;
  for await (const sample of task.samples()) {
    n++;
    const score = await task.scorers[0].score({ text: reply(sample) }, sample, { models: {}, signal });
    if (score.value !== 1) wrong.push(`${sample.id}: ${String(sample.target)} (${score.explanation ?? ''})`);
  }
  return { n, wrong };
}

/** Each set in each form in which it lies there, with its count (specification, section 3). */
const sets: [name: string, data: string, rows: number, options?: Record<string, string>][] = [
  ['gsm8k', 'gsm8k', 1319],
  ['gsm8k', 'gsm8k/train.jsonl.gz', 7473, { split: 'train' }],
  ['gsm8k', 'prp/gsm8k.json.gz', 1319],
  ['gsm8k', 'i3c/gsm8k.json.gz', 1319],
  ['gsm8k', 'gsm-ic/gsm8k-validation.jsonl', 1000, { split: 'dev' }],
  ['svamp', 'svamp', 1000],
  ['svamp', 'prp/svamp.json', 1000],
  ['svamp', 'i3c/svamp.json.gz', 1000],
  ['addsub', 'prp', 395],
  ['addsub', 'i3c/addsub.json', 395],
  ['addsub', 'mawps/addsub.jsonl', 395],
  ['asdiv', 'asdiv', 2305],
  ['asdiv', 'asdiv/asdiv.xml.gz', 2305],
  ['asdiv', 'asdiv', 1218, { list: 'asdiv-a' }],
  ['asdiv', 'asdiv/qwen-asdiv-test.jsonl.gz', 2215],
  ['aqua', 'aqua', 254],
  ['aqua', 'aqua/dev.jsonl', 254, { split: 'dev' }],
  ['math500', 'math500', 500],
  ['gsm-ic2', 'prp', 1000],
  ['gsm-icm', 'prp/gsm-icm.json.gz', 1000],
  ['multiarith', 'prp', 600],
  ['multiarith', 'i3c', 600],
  ['multiarith', 'mawps', 600],
  ['singleeq', 'prp', 508],
  ['singleeq', 'i3c', 508],
  ['singleeq', 'mawps', 508],
  ['singleop', 'prp', 562],
  ['singleop', 'i3c', 562],
  ['singleop', 'mawps', 562],
];

describe.skipIf(!here)('the released sets', () => {
  it.each(sets)('%s in %s has %i problems, and its golds are right', async (name, data, rows, options = {}) => {
    const { tasks } = await open(name, data, options);
    expect(tasks).toHaveLength(1);
    const task = tasks[0] as Task;
    for (const reply of [
      ({ target }: Sample) => `So this is it.\n<ans>${String(target)}</ans>`,
      ({ target }: Sample) => `Therefore it is \\boxed{${String(target)}}.`,
    ]) {
      const { n, wrong } = await right(task, reply);
      expect(n).toBe(rows);
      expect(wrong).toEqual([]);
    }
  });

  it('finds eleven sets in the whole folder, each in the form of its own release', async () => {
    const { tasks, notes } = await open('math-word-problems', '');
    expect(tasks.map(({ name, size }) => [name, size])).toEqual([
      ['svamp', 1000],
      ['addsub', 395],
      ['gsm8k', 1319],
      ['aqua', 254],
      ['math500', 500],
      ['asdiv', 2305],
      ['gsm-ic2', 1000],
      ['gsm-icm', 1000],
      ['multiarith', 600],
      ['singleeq', 508],
      ['singleop', 562],
    ]);
    expect(notes?.join('\n')).toMatch(/other files of these sets are not used/);
  });

  it('has the levels and subjects of MATH500', async () => {
    const { tasks } = await open('math500', 'math500');
    const samples = await Array.fromAsync((tasks[0] as Task).samples());
    const counts = (label: string) =>
      [...Map.groupBy(samples, ({ labels }) => labels?.[label])].map(([name, { length }]) => [name, length]).toSorted();
    expect(counts('level')).toEqual([
      ['1', 43],
      ['2', 90],
      ['3', 105],
      ['4', 128],
      ['5', 134],
    ]);
    expect(counts('subject').map(([, n]) => n)).toEqual([124, 38, 41, 97, 62, 82, 56]);
  });

  it('takes planted sentences of one origin for one cluster', async () => {
    const { tasks } = await open('gsm-ic2', 'prp');
    const samples = await Array.fromAsync((tasks[0] as Task).samples());
    const groups = new Set(samples.map(({ group }) => group));
    expect(groups.has(undefined)).toBe(false);
    expect(groups.size).toBe(63);
  });

  it.each(['addsub', 'svamp', 'gsm-ic2', 'math500', 'aqua', 'asdiv'])(
    'gives %s the ceiling of the released scorer',
    async (name) => {
      const golden = JSON.parse(readFileSync(`${root}/golden/golden-scores.json`, 'utf8')) as {
        scorer_ceiling: Record<string, { n: number; gold_fed_back_in_box_scored_right: number; per_item: string }>;
      };
      const keys: Record<string, string> = {
        addsub: 'AddSub',
        svamp: 'SVAMP',
        'gsm-ic2': 'GSM-IC2',
        math500: 'MATH500',
        aqua: 'AQuA letters',
        asdiv: 'ASDiv 2305',
      };
      const expected = golden.scorer_ceiling[keys[name] as string];
      const data = ['addsub', 'svamp', 'gsm-ic2'].includes(name) ? 'prp' : name;
      const { tasks } = await open(name, data, {}, 'reference');
      const task = tasks[0] as Task;
      let verdicts = '';
      for await (const sample of task.samples()) {
        const text = `\\boxed{${String(sample.target)}}`;
        const score = await task.scorers[0].score({ text }, sample, { models: {}, signal });
        verdicts += score.metadata?.['raises'] === undefined ? String(score.value) : 'E';
      }
      expect(verdicts).toHaveLength(expected?.n ?? -1);
      expect(verdicts.replaceAll(/[^1]/g, '')).toHaveLength(expected?.gold_fed_back_in_box_scored_right ?? -1);
      if (expected?.per_item.length === verdicts.length) expect(verdicts).toBe(expected.per_item);
    },
  );

  it('grades golds of MATH500 as PRM800K does', async () => {
    const { tasks } = await open('math500', 'math500', {}, 'prm800k');
    expect((await right(tasks[0] as Task, ({ target }) => `\\boxed{${String(target)}}`)).wrong).toEqual([]);
  });

  it.each([
    ['gsm8k', 'gsm8k'],
    ['aqua', 'aqua'],
    ['math500', 'math500'],
  ])('shows solved problems of %s before the question', async (name, data) => {
    const { tasks, notes } = await open(name, data, { shots: '3' });
    for await (const { input } of (tasks[0] as Task).samples()) {
      expect(input.map(({ role }) => role)).toEqual([
        'user',
        'assistant',
        'user',
        'assistant',
        'user',
        'assistant',
        'user',
      ]);
      expect(input[1]?.content).toMatch(/\\boxed\{/);
      expect(input[1]?.content).not.toMatch(/<<|####/);
      break;
    }
    const ours = notes?.some((note) => note.includes('written for Fettle')) ?? false;
    expect(ours).toBe(name === 'math500');
  });
});
