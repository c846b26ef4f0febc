// `fettle score multichartqa` on real and invented replies, item by item. Needs ../shared.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  chartsFolder,
  hasCharts,
  readGoldenCharts,
  readQuestions,
} from '../../src/benchmarks/multichartqa/scoring/testing/shared-charts.ts';
import { fettleJson, temporaryFolder } from '../support/cli.ts';

interface Scored {
  readonly overall: number;
  readonly overallDetail: { readonly n: number; readonly unparsed: { readonly count: number } };
  readonly groups: Readonly<Record<string, number>>;
  readonly tasks: Readonly<Record<string, { readonly score: number }>>;
  readonly samples: readonly { readonly id: string; readonly value: number | null }[];
  readonly differences?: readonly {
    readonly id: string;
    readonly verdicts: Readonly<Record<string, { readonly value: number | null; readonly why?: string }>>;
  }[];
  readonly agreement?: Readonly<Record<string, { readonly kappa: number; readonly interval: readonly number[] }>>;
}

const golden = hasCharts ? readGoldenCharts() : undefined;
const ids = new Map<string, string>(
  (hasCharts ? readQuestions() : []).map(({ id, target }) => [`${target.group} ${target.q}`, id] as const),
);
const realReplies = `${chartsFolder}/replies/gpt-4o-mini.jsonl.gz`;
const percent = (share: number): number => Number((100 * share).toFixed(2));

function score(replies: string, more: readonly string[]) {
  return fettleJson<Scored>(['score', 'multichartqa', '--data', chartsFolder, '--replies', replies, ...more]);
}

function writeReplies(rows: readonly { readonly id: string; readonly reply: string }[]): string {
  const file = join(temporaryFolder(), 'replies.jsonl');
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

describe.skipIf(golden === undefined)('fettle score multichartqa (needs ../shared)', () => {
  test.each(['gpt-4o-mini', 'synthetic'] as const)('reference equals the run %s', async (name) => {
    const run = golden?.runs[name];
    const rows = run?.samples.map(({ group, q, output = '' }) => ({
      id: ids.get(`${group} ${q}`) ?? '',
      reply: output,
    }));
    const replies = name === 'synthetic' ? writeReplies(rows ?? []) : realReplies;
    const { json } = await score(replies, ['--mode', 'reference']);
    const values = new Map(json.samples.map(({ id, value }) => [id, value]));
    for (const { group, q, score: expected } of run?.samples ?? []) {
      const value = values.get(ids.get(`${group} ${q}`) ?? '') ?? NaN;
      expect(Math.abs(value - expected), `${group} ${q}`).toBeLessThan(1e-9);
    }
    expect(percent(json.overall)).toBe(run?.reference_aggregate.overall_percent);
    for (const [task, expected] of Object.entries(run?.reference_aggregate.per_subtype_percent ?? {})) {
      expect(percent(json.tasks[task]?.score ?? NaN), task).toBe(expected);
    }
    for (const [category, expected] of Object.entries(run?.derived.per_category_percent ?? {})) {
      expect(percent(json.groups[category.split('_')[0] ?? ''] ?? NaN), category).toBe(expected);
    }
    expect(json.overallDetail.unparsed.count).toBe(run?.derived.random_fallback_count);
  });

  test('reference leaves a group at its first missing reply', async () => {
    const missing = new Set(['added_IEA_1 2', 'added_IEA_10 1', 'added_IEA_11 4']);
    const answers = new Map(readQuestions().map(({ id, target }) => [id, target.answer]));
    const rows = (golden?.robustness.groups ?? [])
      .flatMap((group) => [1, 2, 3, 4].map((q) => `${group} ${q}`))
      .filter((key) => !missing.has(key))
      .map((key) => ids.get(key) ?? '')
      .map((id) => ({ id, reply: `Answer: ${answers.get(id)}` }));
    const { json } = await score(writeReplies(rows), ['--mode', 'reference', '--missing', 'skip']);
    expect(json.overallDetail.n).toBe(golden?.robustness.questions_counted);
    expect(percent(json.overall)).toBe(golden?.robustness.overall_percent);
    const strict = await score(writeReplies(rows), ['--missing', 'skip']);
    expect(strict.json.overallDetail.n).toBe(45);
  });

  test('--explain-modes shows every changed verdict with both readings', async () => {
    const { json } = await score(realReplies, ['--explain-modes']);
    const strict = new Map(json.samples.map(({ id, value }) => [id, value]));
    const reference = new Map(
      golden?.runs['gpt-4o-mini'].samples.map((sample) => [ids.get(`${sample.group} ${sample.q}`), sample.score]),
    );
    const changed = [...strict].filter(([id, value]) => Math.abs((value ?? NaN) - (reference.get(id) ?? NaN)) > 1e-9);
    expect(json.differences?.map(({ id }) => id).toSorted()).toEqual(changed.map(([id]) => id).toSorted());
    for (const { id, verdicts } of json.differences ?? []) {
      expect(verdicts['strict']?.value, id).toBe(strict.get(id));
      expect(verdicts['reference']?.value, id).toBeCloseTo(reference.get(id) ?? NaN, 9);
      expect(verdicts['strict']?.why, id).toBeTruthy();
      expect(verdicts['reference']?.why, id).toBeTruthy();
    }
    const { kappa = NaN, interval: [low, high] = [] } = json.agreement?.['relaxed'] ?? {};
    expect(low).toBeLessThan(kappa);
    expect(high).toBeGreaterThan(kappa);
  });
});
