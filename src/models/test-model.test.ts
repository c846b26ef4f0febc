import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { bytesImage } from '../data/index.ts';
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

  it('shows images in the echo, and lets them decide the hash', async () => {
    const pictures = await Promise.all(
      ['#f00', '#00f'].map((background) =>
        sharp({ create: { width: 3, height: 2, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const asked = (bytes: Uint8Array) => ({
      messages: [
        {
          role: 'user' as const,
          content: [
            { type: 'text' as const, text: 'What is ' },
            { type: 'image' as const, image: bytesImage(bytes, 'same.png') },
            { type: 'text' as const, text: '?' },
          ],
        },
      ],
    });
    const echo = createTestModel('echo');
    const model = createTestModel('hash');
    const answers: string[] = [];
    for (const bytes of pictures) {
      expect((await echo.generate(asked(bytes))).text).toBe('What is [image image/png 3x2]?');
      const drawn = await Promise.all(
        Array.from({ length: 20 }, (_, seed) => model.generate({ ...asked(bytes), seed })),
      );
      answers.push(drawn.map(({ text }) => text).join(''));
    }
    expect(answers[0]).not.toBe(answers[1]);
    const image = bytesImage(pictures[0] ?? new Uint8Array(), 'same.png');
    await expect(echo.embed?.({ texts: [], images: [image] })).rejects.toMatchObject({ code: 'encoder-no-images' });
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
