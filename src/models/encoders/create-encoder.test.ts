import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedModel } from '../catalog.ts';
import { createEncoder } from './create-encoder.ts';

describe('createEncoder without weights', () => {
  it('says which encoder is missing', async () => {
    await expect(createEncoder('all-MiniLM-L6-v2', { folder: '/nowhere' })).rejects.toMatchObject({
      code: 'encoder-missing',
    });
  });

  it('says which file cannot be read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fettle-encoder-'));
    writeFileSync(join(folder, 'model.onnx'), 'not a model');
    writeFileSync(join(folder, 'tokenizer.json'), '{}');
    const encoder = await createEncoder(folder);
    await expect(encoder.embed({ texts: ['x'] })).rejects.toMatchObject({ code: 'encoder-invalid' });
    await encoder.close?.();
    rmSync(folder, { recursive: true });
  });
});

const installed = installedModel('all-MiniLM-L6-v2');

describe.skipIf(installed === undefined)('createEncoder (needs: fettle models pull all-MiniLM-L6-v2)', () => {
  let encoder: Awaited<ReturnType<typeof createEncoder>>;
  beforeAll(async () => {
    encoder = await createEncoder('all-MiniLM-L6-v2');
  });
  afterAll(() => encoder.close?.());

  const embed = async (...texts: string[]): Promise<readonly (readonly number[])[]> =>
    (await encoder.embed({ texts })).vectors;
  const cosine = (a: readonly number[] = [], b: readonly number[] = []): number =>
    a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);

  it('says which weights it has', () => {
    expect(encoder.identity).toMatchObject({
      name: 'all-MiniLM-L6-v2',
      variant: installed?.variant.name,
      sha256: installed?.variant.files[0].sha256,
      maxTokens: 256,
    });
  });

  it('gives unit vectors, the empty text included', async () => {
    for (const vector of await embed('', 'a', 'Größe XL — 日本語 😀 [SEP]')) {
      expect(vector).toHaveLength(384);
      expect(cosine(vector, vector)).toBeCloseTo(1, 5);
    }
  });

  // Cosines computed in float64 from the published float32 weights, by code that shares nothing with this one.
  // 8-bit weights differ from them by up to 0.014.
  it.each([
    ['A red dress for women', 'A scarlet gown for ladies', 0.6134],
    ['A red dress for women', 'A red dress for women!', 0.908],
    ['A red dress for women', 'How to repair a diesel engine', 0.026],
    ['', 'A red dress for women', 0.0866],
    ['Größe XL — 日本語', 'grosse xl 日本', 0.6434],
  ])('puts "%s" and "%s" as near as sentence-transformers does', async (a, b, expected) => {
    const [first, second] = await embed(a, b);
    expect(Math.abs(cosine(first, second) - expected)).toBeLessThan(0.02);
  });

  it('gives a text the same vector whatever it is asked with', async () => {
    const texts = Array.from({ length: 12 }, (_, index) => `Item ${index}: ${'blue cotton shirt '.repeat(index % 4)}`);
    const together = await embed(...texts);
    const alone = await createEncoder('all-MiniLM-L6-v2');
    for (const [index, text] of texts.entries()) {
      expect((await alone.embed({ texts: [text] })).vectors[0]).toEqual(together[index]);
    }
    await alone.close?.();
  });

  it('reads no text twice', async () => {
    const first = await encoder.embed({ texts: ['read once', 'read once'] });
    expect(first.usage.inputTokens).toBe(4);
    expect(first.vectors[0]).toEqual(first.vectors[1]);
    expect((await encoder.embed({ texts: ['read once'] })).usage.inputTokens).toBe(0);
  });

  it('ignores what lies behind the longest input', async () => {
    const words = 'word '.repeat(254);
    const [cut, longer] = await embed(`${words}end`, `${words}other end of a much longer text`);
    expect(longer).toEqual(cut);
  });

  it('answers for its own name only', async () => {
    await expect(
      encoder.embed({ texts: ['x'], encoder: 'sentence-transformers/all-MiniLM-L6-v2' }),
    ).resolves.toMatchObject({ vectors: [expect.any(Array)] });
    await expect(encoder.embed({ texts: ['x'], encoder: 'another' })).rejects.toMatchObject({
      code: 'encoder-missing',
    });
  });

  it('refuses to generate, and stops when told to', async () => {
    await expect(encoder.generate({ messages: [] })).rejects.toMatchObject({ exitCode: 2 });
    await expect(encoder.embed({ texts: ['never read'] }, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});
