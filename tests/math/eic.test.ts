import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { eic } from '../../src/benchmarks/first-wrong-step/index.ts';
import { openEvaluation, readReplies, scoreReplies } from '../../src/workbench/index.ts';

const root = fileURLToPath(new URL('../../../shared/data/stepco', import.meta.url));
const here = existsSync(root);
if (!here) console.warn('the released results are not at ../shared/data/stepco: the recount of EIC is not compared');

interface Recount {
  readonly n: number;
  readonly recomputed_hits: number;
  readonly recomputed_hits_and_flagged_wrong: number;
  readonly per_item_hit: string;
  readonly per_item_hit_and_flagged_wrong: string;
  readonly file: string;
}

const golden: Record<string, Recount> = here
  ? (JSON.parse(readFileSync(`${root}/golden/golden-scores.json`, 'utf8')) as { eic: Record<string, Recount> }).eic
  : {};

async function verdicts(file: string, mode: string, data?: string) {
  const target = { kind: 'benchmark', name: 'eic' } as const;
  const config = { target, mode, data, tasks: undefined, options: {} };
  const { opened } = await openEvaluation(config, { repliesOnly: true, replies: file });
  const replies = await readReplies(file, eic);
  const { results } = await scoreReplies({ opened, replies, source: file, models: {}, missing: 'skip' });
  const of = (name: string): string => results.map(({ scores }) => scores[name]?.value ?? '?').join('');
  return { hit: of('accuracy'), flagged: of('flagged-accuracy') };
}

describe.skipIf(!here)('the released results of EIC', () => {
  it.each(Object.entries(golden))('%s counts item by item as the recount does', async (_, expected) => {
    for (const mode of ['strict', 'reference']) {
      const { hit, flagged } = await verdicts(`${root}/${expected.file}`, mode);
      expect(hit).toBe(expected.per_item_hit);
      expect(flagged).toBe(expected.per_item_hit_and_flagged_wrong);
    }
  });

  it('joins results to the cases that they were made from', async () => {
    const expected = golden['gpt-4-1106-preview/missing_step/step_simple'] as Recount;
    const { hit } = await verdicts(`${root}/${expected.file}`, 'strict', `${root}/eic/generated-cases-gsm8k.jsonl.gz`);
    expect(hit).toHaveLength(expected.n);
    expect(hit.replaceAll('0', '')).toHaveLength(expected.recomputed_hits);
  });

  it('has all planted errors, by kind and source', async () => {
    const { tasks } = await eic.open({ data: `${root}/eic`, mode: 'strict', options: {} });
    const sizes = new Map<string, number>();
    for (const { labels, size = 0 } of tasks) {
      const source = labels?.['source'] ?? '';
      sizes.set(source, (sizes.get(source) ?? 0) + size);
    }
    expect(Object.fromEntries(sizes)).toEqual({ gsm8k: 1300, mathqa: 1316 });
    expect(tasks.map(({ name }) => name)).toContain('mathqa/missing_step');
  });
});
