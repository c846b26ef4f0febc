import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ngramVector } from './ngram-encoder.ts';
import { createTestModel } from './test-model.ts';

const golden = fileURLToPath(new URL('../../../shared/data/shopping-mmlu/golden/golden-scores.json', import.meta.url));
const ask = (content: string) => ({ messages: [{ role: 'user', content }] as const });

describe('test models', () => {
  it('echoes, cut at stop and at the bound of tokens, and counts words', async () => {
    const model = createTestModel('echo');
    expect(await model.generate(ask('one two three'))).toEqual({
      text: 'one two three',
      finishReason: 'stop',
      usage: { inputTokens: 3, outputTokens: 3 },
    });
    expect(await model.generate({ ...ask('one two three'), maxTokens: 2 })).toMatchObject({
      text: 'one two',
      finishReason: 'length',
    });
    expect((await model.generate({ ...ask('one two three'), stop: [' three'] })).text).toBe('one two');
  });

  it('hashes to one of the listed options, the same one each time, another with another seed', async () => {
    const model = createTestModel('hash');
    const request = ask('Which?\nA. red\nB. blue\nC. green');
    const answers = await Promise.all(Array.from({ length: 40 }, (_, seed) => model.generate({ ...request, seed })));
    expect(new Set(answers.map((answer) => answer.text))).toEqual(new Set(['A', 'B', 'C']));
    expect((await model.generate({ ...request, seed: 7 })).text).toBe(answers[7]?.text);
  });

  it('answers a constant and prefers it among continuations', async () => {
    const model = createTestModel('constant=yes');
    expect((await model.generate(ask('?'))).text).toBe('yes');
    const { continuations } = (await model.loglikelihood?.({ ...ask('?'), continuations: ['no', 'yes'] })) ?? {
      continuations: [],
    };
    expect(continuations[1]?.logprob).toBeGreaterThan(continuations[0]?.logprob ?? 0);
  });

  it('names what exists for an unknown name', () => {
    expect(() => createTestModel('nope')).toThrow(
      expect.objectContaining({ exitCode: 2, hint: expect.stringContaining('test:echo') }),
    );
  });

  it('counts windows of code points, not of UTF-16 units', () => {
    const vector = ngramVector('😀', 'any');
    expect(vector.reduce((sum, value) => sum + Math.abs(value), 0) % 2).toBe(0);
    expect(ngramVector(' \u0085A \u001c', 'any')).toEqual(ngramVector('a', 'any'));
    expect(ngramVector('\ufeffa', 'any')).not.toEqual(ngramVector('a', 'any'));
  });

  it.skipIf(!existsSync(golden))('gives the vectors of the reference (skipped where the data is absent)', () => {
    const { embeddings } = JSON.parse(readFileSync(golden, 'utf8')) as {
      embeddings: Record<string, Record<string, number[]>>;
    };
    let compared = 0;
    for (const [encoder, vectors] of Object.entries(embeddings)) {
      for (const [text, vector] of Object.entries(vectors)) {
        expect(ngramVector(text, encoder)).toEqual(vector);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(20);
  });
});
