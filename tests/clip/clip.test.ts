import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageReference } from '../../src/core/index.ts';
import { bytesImage } from '../../src/data/index.ts';
import { type EngineClient, findEngine, readVectors, startEngine } from '../../src/engine/index.ts';
import { refuseImages } from '../../src/models/refuse-images.ts';
import { createClip, openClip } from '../../src/models/index.ts';
import { pictures, trainTinyClip } from './tiny-clip.ts';

const texts = [
  'a photo of a red square.',
  'A Photo of a blue ring!',
  '',
  'Zwölf grüne Äpfel — 苹果',
  'word '.repeat(200),
];

describe.skipIf(findEngine() === undefined)('an exported CLIP beside PyTorch', () => {
  let folder: string;
  let engine: EngineClient;
  let model: string;
  let images: ImageReference[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fettle-clip-'));
    engine = await startEngine();
    model = await trainTinyClip(engine, folder);
    const result = await engine.request({ op: 'export', model, out: join(model, 'onnx') });
    expect(result['largestDifference']).toBeLessThan(1e-5);
    images = pictures().map(({ bytes, name }) => bytesImage(bytes, name));
  }, 120_000);

  afterAll(async () => {
    await engine?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('gives the numbers of PyTorch for texts and for pictures of many sizes', async () => {
    const files = pictures().map(({ name }) => join(folder, name));
    await engine.request({ op: 'load', model, dtype: 'fp32' });
    const out = join(folder, 'vectors');
    const { vectors } = await engine.request({ op: 'embed', model, texts, images: { paths: files }, out });
    const expected = await readVectors(String(vectors));
    const clip = await openClip(model);
    try {
      const found = { texts: await clip.embedTexts(texts), images: await clip.embedImages(images) };
      for (const name of ['texts', 'images'] as const) {
        expect(found[name].length).toBe(expected[name]?.length);
        expect(largestDifference(found[name], expected[name] ?? new Float32Array())).toBeLessThan(1e-4);
      }
    } finally {
      await clip.release();
    }
  });

  it('gives the same vectors alone and in a batch, and unit ones', async () => {
    const clip = await createClip(model);
    try {
      const together = await clip.embed({ texts, images });
      const again = await createClip(model);
      const alone = await Promise.all(
        images.map(async (image) => (await again.embed({ texts: [], images: [image] })).imageVectors?.[0]),
      );
      for (const [place, vector] of alone.entries()) {
        const other = together.imageVectors?.[place] ?? [];
        expect(largestDifference(vector ?? [], other)).toBeLessThan(1e-6);
        expect(Math.hypot(...other)).toBeCloseTo(1, 5);
      }
      expect(together.vectors).toHaveLength(texts.length);
      expect(together.scale).toBeGreaterThan(1);
      await again.close?.();
    } finally {
      await clip.close?.();
    }
  });

  it('lets one broken picture fail by itself', async () => {
    const clip = await createClip(model);
    const broken = bytesImage(Buffer.from('no picture'), 'broken.png');
    const good = images[0] as ImageReference;
    const results = await Promise.allSettled([
      clip.embed({ texts: [], images: [broken] }),
      clip.embed({ texts: [], images: [good] }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    await clip.close?.();
  });

  it('lets go of an aborted request that has begun, and loads again after a failed load', async () => {
    const copy = join(folder, 'mended');
    await cp(join(model, 'onnx'), copy, { recursive: true });
    const clip = await createClip(copy);
    await writeFile(join(copy, 'text.onnx'), 'something else');
    await expect(clip.embed({ texts: ['a'] })).rejects.toMatchObject({ code: 'encoder-invalid' });
    await cp(join(model, 'onnx', 'text.onnx'), join(copy, 'text.onnx'));
    expect((await clip.embed({ texts: ['a'] })).vectors).toHaveLength(1);
    const controller = new AbortController();
    const asked = clip.embed({ texts: [], images }, { signal: controller.signal });
    controller.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect((await clip.embed({ texts: [], images })).imageVectors).toHaveLength(images.length);
    await clip.close?.();
  });

  it('refuses files that are not those of the record, and folders without any', async () => {
    const copy = join(folder, 'copy');
    await cp(join(model, 'onnx'), copy, { recursive: true });
    await writeFile(join(copy, 'text.onnx'), 'something else');
    await expect(openClip(copy)).rejects.toMatchObject({ code: 'encoder-invalid', where: join(copy, 'text.onnx') });
    await rm(join(copy, 'text.onnx'));
    await expect(openClip(copy)).rejects.toMatchObject({ code: 'encoder-missing' });
    await writeFile(join(copy, 'clip.json'), '{ "version": 1 }');
    await expect(openClip(copy)).rejects.toMatchObject({ code: 'encoder-invalid' });
    await expect(openClip(folder)).rejects.toMatchObject({ code: 'encoder-missing', where: folder });
  });
});

it('says that encoders of texts embed no pictures', () => {
  const image = bytesImage(Buffer.from('x'), 'x.png');
  expect(() => refuseImages({ texts: [], images: [image] }, 'test:ngram')).toThrow('cannot embed images');
  expect(() => refuseImages({ texts: ['a'] }, 'test:ngram')).not.toThrow();
});

function largestDifference(first: ArrayLike<number>, second: ArrayLike<number>): number {
  let largest = first.length === second.length ? 0 : Infinity;
  for (let i = 0; i < first.length; i++) largest = Math.max(largest, Math.abs((first[i] ?? 0) - (second[i] ?? 0)));
  return largest;
}
