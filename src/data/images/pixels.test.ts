import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bytesImage } from './images.ts';
import { decodeImage } from './decode-image.ts';
import { toPlanes, type PixelImage } from './pixel-image.ts';
import { resizeLikePil } from './resize-like-pil.ts';
import { drawPicture } from './testing/draw-picture.ts';
import { centerCrop, toSquare } from './to-square.ts';

/** Made by tests/parity-images/make-vectors.ts. */
function fixture<T>(name: string): T[] {
  return JSON.parse(readFileSync(new URL(`__fixtures__/${name}.json`, import.meta.url), 'utf8')) as T[];
}
const sha256 = (data: Uint8Array): string => hash('sha256', data, 'hex');

interface Drawn {
  readonly seed: string;
  readonly width: number;
  readonly height: number;
  readonly sha256: string;
}

describe('resizeLikePil', () => {
  const cases = fixture<Drawn & { readonly toWidth: number; readonly toHeight: number }>('resize');
  it.each(cases)('is Pillow, bit for bit: $seed to $toWidth by $toHeight', (entry) => {
    const image = drawPicture(entry.seed, entry.width, entry.height);
    const resized = resizeLikePil(image, { width: entry.toWidth, height: entry.toHeight });
    expect(resized).toMatchObject({ width: entry.toWidth, height: entry.toHeight });
    expect(sha256(resized.data)).toBe(entry.sha256);
  });

  it('gives a window of the result as it would be cut from the whole', () => {
    for (const [width, height] of [
      [40, 30],
      [57, 43],
      [57, 30],
      [40, 90],
    ] as const) {
      const image = drawPicture(`window ${width}`, 57, 43);
      const whole = resizeLikePil(image, { width, height });
      const window = { left: 11, top: 7, width: 13, height: 21 };
      const cut = new Uint8Array(13 * 21 * 3);
      for (let row = 0; row < 21; row++) {
        const from = ((7 + row) * width + 11) * 3;
        cut.set(whole.data.subarray(from, from + 39), row * 39);
      }
      expect(resizeLikePil(image, { width, height }, window).data).toEqual(cut);
    }
  });

  it('refuses sizes that no picture has', () => {
    const image = drawPicture('x', 4, 4);
    for (const width of [0, -1, 1.5, Number.NaN]) {
      expect(() => resizeLikePil(image, { width, height: 4 })).toThrow(/cannot be/);
    }
    const window = { left: 1, top: 0, width: 4, height: 4 };
    expect(() => resizeLikePil(image, { width: 4, height: 4 }, window)).toThrow(/outside/);
  });
});

describe('toSquare', () => {
  const cases = fixture<Drawn & { readonly size: number; readonly crop: number }>('square');
  it.each(cases)('is CLIPImageProcessor, bit for bit: $seed to $size, cut to $crop', (entry) => {
    const image = drawPicture(entry.seed, entry.width, entry.height);
    const square = entry.crop === entry.size ? toSquare(image, entry.size) : padded(image, entry.size, entry.crop);
    expect(square).toMatchObject({ width: entry.crop, height: entry.crop });
    expect(sha256(toPlanes(square))).toBe(entry.sha256);
  });

  function padded(image: PixelImage, size: number, crop: number): PixelImage {
    const shorter = Math.min(image.width, image.height);
    const width = image.width === shorter ? size : Math.trunc((size * image.width) / shorter);
    const height = image.height === shorter ? size : Math.trunc((size * image.height) / shorter);
    return centerCrop(resizeLikePil(image, { width, height }), { width: crop, height: crop });
  }

  it('makes little of a picture of one line', () => {
    expect(toSquare(drawPicture('line', 100_000, 1), 224)).toMatchObject({ width: 224, height: 224 });
  });
});

describe('decodeImage', () => {
  const files =
    fixture<{ readonly files: Record<string, { bytes: string; sha256: string }> }>('decode')[0]?.files ?? {};
  it.each(Object.keys(files))('gives the pixels that Pillow gives: %s', async (name) => {
    const bytes = Buffer.from(files[name]?.bytes ?? '', 'base64');
    const image = await decodeImage(bytes);
    expect(image).toMatchObject({ width: 24, height: 17 });
    expect(sha256(image.data)).toBe(files[name]?.sha256);
  });

  it('takes references, and names what cannot be decoded', async () => {
    const png = Buffer.from(files['PNG']?.bytes ?? '', 'base64');
    expect(await decodeImage(bytesImage(png, 'a.png'))).toMatchObject({ width: 24, height: 17 });
    await expect(decodeImage(png.subarray(0, -30), { label: 'cut.png' })).rejects.toMatchObject({
      code: 'image-invalid',
      where: 'cut.png',
      message: expect.stringMatching(/cannot be decoded/) as string,
    });
    await expect(decodeImage(png, { maxPixels: 24 * 17 - 1 })).rejects.toMatchObject({ code: 'image-too-large' });
    const jpeg = Buffer.from(files['JPEG']?.bytes ?? '', 'base64');
    await expect(decodeImage(jpeg.subarray(0, -60), { label: 'cut.jpg' })).rejects.toMatchObject({ where: 'cut.jpg' });
    const bmp = Buffer.alloc(54);
    bmp.write('BM', 0, 'latin1');
    bmp.writeUInt32LE(54, 10);
    bmp.writeUInt32LE(40, 14);
    bmp.writeInt32LE(2, 18);
    bmp.writeInt32LE(2, 22);
    await expect(decodeImage(bmp)).rejects.toMatchObject({ code: 'image-invalid', hint: 'Convert it to PNG.' });
  });
});
