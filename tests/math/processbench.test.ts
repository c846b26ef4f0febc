import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processbench } from '../../src/benchmarks/first-wrong-step/index.ts';
import { openEvaluation, scoreReplies } from '../../src/workbench/index.ts';
import { summarize } from '../../src/report/index.ts';

const cases = [0, 1, -1, -1, 2].map((label, i) => ({
  id: `gsm8k-${i}`,
  generator: 'some-model',
  problem: `Problem ${i}?`,
  steps: ['One.', 'Two.', 'Three.'],
  final_answer_correct: label < 0,
  label,
}));

function write(rows: readonly unknown[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'fettle-process-')), 'gsm8k.json');
  writeFileSync(file, JSON.stringify(rows));
  return file;
}

async function figure(replies: readonly string[], mode = 'strict') {
  const data = write(cases);
  const target = { kind: 'benchmark', name: 'processbench' } as const;
  const { opened } = await openEvaluation({ target, mode, data, tasks: undefined, options: {} }, { repliesOnly: true });
  const byId = new Map(cases.flatMap(({ id }, i) => (replies[i] === undefined ? [] : [[id, replies[i]]])));
  const { results } = await scoreReplies({
    opened,
    replies: { byId, inOrder: [] },
    source: 'replies',
    models: {},
    missing: 'fail',
  });
  const summary = await summarize({
    benchmark: processbench,
    mode,
    tasks: opened.tasks,
    results,
    includeSamples: false,
  });
  return summary.tasks['gsm8k']?.score;
}

describe('ProcessBench', () => {
  it('numbers steps from 1 in prompts and targets', async () => {
    const { tasks } = await processbench.open({ data: write(cases), mode: 'strict', options: {} });
    const samples = await Array.fromAsync(tasks[0]?.samples() ?? []);
    expect(samples.map(({ target }) => target)).toEqual([1, 2, 'none', 'none', 3]);
    expect(samples[0]?.input[0]?.content).toContain('Step 1: One.\nStep 2: Two.\nStep 3: Three.');
  });

  it('has the harmonic mean of both accuracies as its figure', async () => {
    const replies = [
      'First wrong step: 1',
      'First wrong step: 3',
      'First wrong step: none',
      'First wrong step: 1',
      'First wrong step: 3',
    ];
    // 2 of 3 wrong ones, 1 of 2 right ones.
    expect(await figure(replies)).toBeCloseTo((2 * (2 / 3) * 0.5) / (2 / 3 + 0.5), 12);
    expect(await figure(replies.map(() => 'First wrong step: none'))).toBe(0);
  });

  it('counts samples without a reply on their side', async () => {
    const replies = ['First wrong step: 1', 'First wrong step: 2', 'First wrong step: none'];
    // 2 of 3 wrong ones, 1 of 2 right ones.
    expect(await figure(replies)).toBeCloseTo((2 * (2 / 3) * 0.5) / (2 / 3 + 0.5), 12);
  });

  it('reads boxes from 0 in reference, as the released prompts ask for them', async () => {
    const replies = ['\\boxed{0}', '\\boxed{1}', '\\boxed{-1}', '\\boxed{-1}', '\\boxed{2}'];
    expect(await figure(replies, 'reference')).toBe(1);
    expect(await figure(replies)).toBe(0);
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ label: 3 }, /"label" must be a step from 0 to 2, or -1/],
    [{ steps: [] }, /"steps" must be a list of texts/],
    [{ problem: '' }, /"problem" must be a text/],
  ])('refuses %j', async (change, message) => {
    const data = write([cases[0], { ...cases[1], ...change }]);
    await expect(processbench.open({ data, mode: 'strict', options: {} })).rejects.toMatchObject({
      code: 'data-invalid',
      message: expect.stringMatching(message),
    });
  });
});
