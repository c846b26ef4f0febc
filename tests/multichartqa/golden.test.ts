// Counts and figures of the released data, where it lies beside the checkout.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { loadBenchmark } from '../../src/benchmarks/index.ts';
import type { Sample } from '../../src/core/index.ts';
import { fettleJson, temporaryFolder } from '../support/cli.ts';

const folder = fileURLToPath(new URL('../../../shared/data/multichartqa', import.meta.url));
const here = existsSync(folder);
if (!here) console.warn('the released data is not at ../shared/data/multichartqa: its counts are not tested');

interface Scored {
  readonly overall: number;
  readonly groups: Record<string, number>;
  readonly tasks: Record<string, { readonly n: number; readonly score: number }>;
  readonly breakdowns: Record<string, Record<string, { readonly n: number; readonly score: number }>>;
}

async function samples(data: string, options: Record<string, string> = {}): Promise<Sample[]> {
  const benchmark = await loadBenchmark('multichartqa');
  const { tasks } = await benchmark.open({ data, mode: 'strict', options });
  return (await Promise.all(tasks.map((task) => Array.fromAsync(task.samples())))).flat();
}

function count(values: readonly (string | undefined)[]): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(values, (value) => value ?? '')].map(([value, all]) => [value, all.length]),
  );
}

const perTask = {
  'Direct_Questions/Structure': 286,
  'Direct_Questions/Content': 241,
  'Parallel_Questions/Structure': 165,
  'Parallel_Questions/Mixed': 235,
  'Parallel_Questions/Content': 217,
  'Comparative_Reasoning/Structure': 211,
  'Comparative_Reasoning/Content': 370,
  'Sequential_Reasoning/Content': 275,
};

describe.skipIf(!here)('the released data (needs ../shared)', () => {
  test('2,000 questions of 500 groups over 1,370 charts, counted by kind, source and number of charts', async () => {
    const all = await samples(folder, { groups: 'all' });
    expect(all).toHaveLength(2000);
    expect(count(all.map(({ target }) => (target as { task: string }).task))).toEqual(perTask);
    expect(new Set(all.map(({ group }) => group)).size).toBe(500);
    expect(new Set(all.flatMap(({ metadata }) => metadata?.['charts'] as string[])).size).toBe(1370);
    const labels = (name: string) => count(all.map((sample) => sample.labels?.[name]));
    expect(labels('category')).toEqual({ Direct: 527, Parallel: 617, Comparative: 581, Sequential: 275 });
    expect(labels('kind')).toEqual({ open: 1753, choice: 247 });
    expect(labels('charts')).toEqual({ 2: 520, 3: 1480 });
    expect(labels('order')).toEqual({ certain: 1988, uncertain: 12 });
    expect(labels('source')).toEqual({
      arXiv: 516,
      OECD: 232,
      'Our World in Data': 232,
      Pew: 224,
      USAFacts: 200,
      'World Economic Forum': 192,
      'Data Commons': 176,
      IEA: 128,
      Gallup: 84,
      Gapminder: 16,
    });
  });

  test('a run keeps the 110 groups whose charts are here, and their images load with their true types', async () => {
    const kept = await samples(folder);
    expect(kept).toHaveLength(440);
    const groups = readFileSync(join(folder, 'groups.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { group: string; file_types?: string[] });
    const types = new Map(groups.map((row) => [row.group, row.file_types]));
    for (const sample of kept.filter((_, i) => i % 20 === 0)) {
      const content = sample.input[0]?.content;
      const images = Array.isArray(content) ? content.filter((part) => part.type === 'image') : [];
      const found = await Promise.all(images.map(async ({ image }) => (await image.load()).mediaType));
      expect(found.map((type) => type.replace('image/', ''))).toEqual(
        types.get(sample.group ?? '')?.map((type) => type.replace('jpg', 'jpeg')),
      );
    }
  });

  test('the first release: 944 questions of 236 groups, under its own labels, without its opening words', async () => {
    const first = await samples(join(folder, 'multichartqa-v1.jsonl.gz'), { groups: 'all' });
    expect(first).toHaveLength(944);
    expect(new Set(first.map(({ group }) => group)).size).toBe(236);
    expect(count(first.map(({ target }) => (target as { task: string }).task))).toMatchObject({
      'Comparative_Reasoning/Easy': 234,
      'Comparative_Reasoning/Hard': 88,
      Sequential_Reasoning: 95,
    });
    const later = new Map(
      (await samples(folder, { groups: 'all' }))
        .map(({ target }) => target as { question: string; group: string })
        .map((target) => [target.question, target.group]),
    );
    const same = first.filter(({ target }) => later.has((target as { question: string }).question.trim())).length;
    expect(same).toBeGreaterThan(900);
  });

  test('real replies, joined by their order, score as the released scorer does; category, kind and overall are means over questions', async () => {
    const rows = gunzipSync(readFileSync(join(folder, 'replies/gpt-4o-mini.jsonl.gz')))
      .toString('utf8')
      .trimEnd()
      .split('\n');
    const file = join(temporaryFolder(), 'replies.jsonl');
    writeFileSync(
      file,
      rows.map((row) => `${JSON.stringify({ reply: (JSON.parse(row) as { reply: string }).reply })}\n`).join(''),
    );
    const { json, code, stderr } = await fettleJson<Scored>([
      'score',
      'multichartqa',
      '--data',
      folder,
      '--replies',
      file,
      '--mode',
      'reference',
    ]);
    expect(code, stderr).toBe(0);
    const percent = (value: number | undefined) => Number((100 * (value ?? NaN)).toFixed(2));
    expect(percent(json.overall)).toBe(47.65);
    expect(Object.fromEntries(Object.entries(json.groups).map(([name, value]) => [name, percent(value)]))).toEqual({
      Direct: 54.08,
      Parallel: 41.73,
      Comparative: 53.1,
      Sequential: 37.09,
    });
    expect(percent(json.breakdowns['kind']?.['choice']?.score)).toBe(63.97);
    expect(percent(json.breakdowns['kind']?.['open']?.score)).toBe(45.35);
    expect(Object.fromEntries(Object.entries(json.tasks).map(([name, { n }]) => [name, n]))).toEqual(perTask);
  });
});
