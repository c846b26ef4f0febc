import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FettleError, type Model, type Score } from '../../../core/index.ts';
import type { Gold, Question } from '../data/question.ts';
import { toyEmbedder } from '../testing/toy-encoder.ts';
import { metricTypes } from '../vocabulary.ts';
import { taskAggregate } from './aggregate.ts';
import { scoreReference } from './score-reference.ts';
import { scoreStrict } from './score-strict.ts';

const signal = new AbortController().signal;

function question(gold: Gold, input = ''): Question {
  const type = metricTypes[gold.metric];
  return { id: 'q', input, task: 't', skill: 's', type, gold, layout: 'skill', file: 'f', line: 1 };
}

async function strict(reply: string, gold: Gold, models: { embedder?: Model } = {}): Promise<Score> {
  return scoreStrict(reply, question(gold), { numbers: [0, 1, 2, 3], letters: false }, { models, signal });
}

const weights = [1, 0.01, 0.1, 1, 0];

describe('strict scores', () => {
  it('caps rankings at 1: repeats and strangers are dropped', async () => {
    expect(await strict('1,1,1,1,1', { metric: 'ndcg', weights })).toMatchObject({ parsed: true, answer: '1' });
    expect((await strict('1,1,1,1,1', { metric: 'ndcg', weights })).value).toBeCloseTo(0.59887, 5);
    expect((await strict('9, 0, 1, 4, 3, 2, 5', { metric: 'ndcg', weights })).value).toBeCloseTo(1, 12);
    expect(await strict('7, 8', { metric: 'ndcg', weights })).toMatchObject({ value: 0, parsed: false });
  });

  it('gives no value where all weights are zero', async () => {
    const gold: Gold = { metric: 'ndcg', weights: [0, 0] };
    expect(await strict('1, 2', gold)).toMatchObject({ value: null, reason: 'all gold weights are zero' });
  });

  it('reads retrieval from the first line', async () => {
    const gold: Gold = { metric: 'hit rate@3', items: [6, 9, 15] };
    expect((await strict('6, 9, 15\nThese fit best, 1', gold)).value).toBe(1);
    expect((await strict('1, 2, 3, 6', gold)).value).toBe(0);
    expect(await strict('none of them', gold)).toMatchObject({ value: 0, parsed: false });
  });

  it('counts phrases without quotes and repeats', async () => {
    const gold: Gold = { metric: 'micro f1', entities: ['Cadbury'] };
    expect(await strict("'cadbury', cadbury.", gold)).toMatchObject({ value: 1, counts: { tp: 1, fp: 0, fn: 0 } });
    expect(await strict('', gold)).toMatchObject({ value: 0, parsed: false, counts: { tp: 0, fp: 0, fn: 1 } });
    const aggregate = taskAggregate(new Set(['micro f1']), 'strict');
    expect(aggregate?.compute([await strict('', gold)])).toBe(0);
  });

  it('never passes 1 in BLEU and ROUGE', async () => {
    const text = 'Stainless steel garlic press, dishwasher safe';
    expect((await strict(`\n${text}\nDone.`, { metric: 'bleu', text })).value).toBe(1);
    expect((await strict(`Here it is:\n\n${text}`, { metric: 'bleu', text })).value).toBe(1);
    expect((await strict(text, { metric: 'rougel', text })).value).toBe(1);
    expect((await strict('保温弁当箱 2段 箸付き', { metric: 'jp-bleu', text: '保温弁当箱 2段 箸付き' })).value).toBe(1);
  });

  it('is not scored without an encoder, and says so', async () => {
    const gold: Gold = { metric: 'sent-transformer', texts: ['a pot'] };
    const missing: Model = {
      ...toyEmbedder,
      embed: () => Promise.reject(new FettleError('not fetched', { code: 'encoder-missing' })),
    };
    expect((await strict('a pot', gold)).reason).toMatch(/^encoder missing: all-MiniLM-L6-v2/);
    expect(await strict('a pot', gold, { embedder: missing })).toMatchObject({
      value: null,
      reason: 'encoder missing: not fetched',
    });
    expect((await strict('a pot', gold, { embedder: toyEmbedder })).value).toBeCloseTo(1, 9);
    expect(await strict('', gold, { embedder: toyEmbedder })).toMatchObject({ value: 0, parsed: false });
  });
});

const golds: readonly Gold[] = [
  { metric: 'accuracy', option: 2 },
  { metric: 'hit rate@3', items: [2, 3] },
  { metric: 'ndcg', weights },
  { metric: 'micro f1', entities: ['a', 'b c'] },
  { metric: 'rougel', text: 'a b c' },
  { metric: 'bleu', text: 'a b c d' },
  { metric: 'sent-transformer', texts: ['a', 'b'] },
];

it('gives every reply in every mode a finite number or a reason', async () => {
  const piece = fc.oneof(
    fc.constantFrom('1', '-9', ', ', '\n', '[', "'a'", ']', 'B', 'answer is ', '２', '½'),
    fc.string({ unit: 'grapheme' }),
  );
  const context = { models: { embedder: toyEmbedder }, signal };
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), fc.constantFrom(...golds), async (pieces, gold) => {
      const reply = pieces.join('');
      const score = await scoreStrict(reply, question(gold), undefined, context);
      expect(score.value).toBeGreaterThanOrEqual(0);
      expect(score.value).toBeLessThanOrEqual(1);
      if (!score.parsed) expect([0, null]).toContain(score.value);
      for (const mode of ['reference', 'reference-task', 'reference-kdd'] as const) {
        const other = await scoreReference(mode, reply, question(gold), undefined, context);
        if (other.value === null) expect(other.broken).toBe(true);
        else expect(Number.isFinite(other.value)).toBe(true);
      }
    }),
  );
});
