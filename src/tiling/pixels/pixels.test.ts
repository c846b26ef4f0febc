import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageReference, Message } from '../../core/index.ts';
import { bytesImage, decodeImage, resizeLikePil, type PixelImage } from '../../data/index.ts';
import { tileMessages } from '../tile-messages.ts';
import { drawGrids } from './draw-grids.ts';
import { tileImages, type Tile } from './tile-images.ts';

/** Ramps and a checkerboard: every pixel differs from its neighbours. */
function picture(width: number, height: number, channels: 3 | 4 = 3, alpha = 255): ReturnType<typeof sharp> {
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      data[at] = (x * 5) & 255;
      data[at + 1] = (y * 3) & 255;
      data[at + 2] = (x + y) % 2 === 0 ? 255 : 0;
      if (channels === 4) data[at + 3] = alpha;
    }
  }
  return sharp(data, { raw: { width, height, channels } });
}
const png = async (width: number, height: number, label = `${width}x${height}.png`): Promise<ImageReference> =>
  bytesImage(await picture(width, height).png().toBuffer(), label);
const decoded = async (tile: Tile | undefined): Promise<PixelImage> => {
  if (tile === undefined) throw new Error('there is no such tile');
  return decodeImage(tile.reference);
};

describe('tileImages', () => {
  it('cuts the letterboxed picture of the released code, pixel for pixel', async () => {
    const image = await png(700, 500);
    const { plan, tiles } = await tileImages([image], { allocator: 'leopard', tile: 112, encoder: 112, budget: 30 });
    const [entry] = plan.images;
    if (entry === undefined) throw new Error('no plan');
    expect(entry.tiles).toBeGreaterThan(6);
    expect(tiles.map(({ kind }) => kind)).toEqual(['thumbnail', ...Array<string>(entry.tiles).fill('tile')]);
    const whole = resizeLikePil(await decodeImage(image), entry.scaled);
    const { padding } = entry;
    for (const tile of tiles.slice(1)) {
      const { width, height, data } = await decoded(tile);
      expect([width, height]).toEqual([112, 112]);
      const expected = new Uint8Array(112 * 112 * 3);
      for (let y = 0; y < 112; y++) {
        for (let x = 0; x < 112; x++) {
          const column = (tile.column ?? 0) * 112 + x - padding.left;
          const row = (tile.row ?? 0) * 112 + y - padding.top;
          if (column < 0 || row < 0 || column >= whole.width || row >= whole.height) continue;
          const from = (row * whole.width + column) * 3;
          expected.set(whole.data.subarray(from, from + 3), (y * 112 + x) * 3);
        }
      }
      expect(Buffer.compare(data, expected)).toBe(0);
    }
    const thumbnail = await decoded(tiles[0]);
    expect(
      Buffer.compare(thumbnail.data, resizeLikePil(await decodeImage(image), { width: 112, height: 112 }).data),
    ).toBe(0);
  });

  it('has almost the same pixels with fast ones', async () => {
    const image = bytesImage(
      await sharp(await picture(600, 400).blur(2).png().toBuffer())
        .png()
        .toBuffer(),
      'soft.png',
    );
    const options = { tile: 112, encoder: 112, budget: 20 } as const;
    const exact = await tileImages([image], { ...options, pixels: 'pillow' });
    const fast = await tileImages([image], { ...options, pixels: 'fast' });
    for (const [i, tile] of fast.tiles.entries()) {
      const a = (await decoded(tile)).data;
      const b = (await decoded(exact.tiles[i])).data;
      const difference = a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
      expect(difference).toBeLessThan(1.5);
    }
  });

  it('puts thumbnails where asked, in proportion where asked, as JPEG where asked', async () => {
    const images = [await png(900, 300), await png(50, 40)];
    const { tiles } = await tileImages(images, { order: 'tiles-first', thumbnail: 'contain', format: 'jpeg' });
    expect(tiles.at(-1)).toMatchObject({ image: 1, kind: 'thumbnail', width: 364, height: 291 });
    const first = tiles.findIndex(({ kind }) => kind === 'thumbnail');
    expect(tiles[first]).toMatchObject({ image: 0, width: 364, height: 121 });
    expect(tiles.slice(0, first).every(({ image, kind }) => image === 0 && kind === 'tile')).toBe(true);
    expect((await tiles[first]?.reference.load())?.mediaType).toBe('image/jpeg');
  });

  it('decodes when a tile is loaded and not before, and each picture once for tiles that follow one another', async () => {
    const source = await png(1200, 900);
    let loads = 0;
    const counted: ImageReference = {
      label: 'counted.png',
      load: () => {
        loads++;
        return source.load();
      },
    };
    const { tiles } = await tileImages([counted]);
    expect(loads).toBe(1);
    for (const { reference } of tiles.slice(1)) await reference.load();
    expect(loads).toBe(2);
  });

  it('gives the same bytes whenever it is asked', async () => {
    const { tiles } = await tileImages([await png(800, 300)]);
    const hashes = async () => Promise.all(tiles.map(async ({ reference }) => (await reference.load()).sha256));
    expect(await hashes()).toEqual(await hashes());
  });

  it('turns photographs upright, but not where the released code does not', async () => {
    const bytes = await picture(600, 200).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const turned = await tileImages([bytesImage(bytes, 'turned.jpg')]);
    expect(turned.plan.images[0]?.size).toEqual({ width: 200, height: 600 });
    for (const { reference } of turned.tiles) await reference.load();
    const stored = await tileImages([bytesImage(bytes, 'turned.jpg')], { allocator: 'leopard' });
    expect(stored.plan.images[0]?.size).toEqual({ width: 600, height: 200 });
    expect(stored.plan.notes.join()).toMatch(/turned\.jpg is not turned upright/);
  });

  it('blends alpha onto white; pixels of the released code drop it', async () => {
    const clear = bytesImage(await picture(300, 300, 4, 0).png().toBuffer(), 'clear.png');
    const white = await decoded((await tileImages([clear])).tiles[0]);
    expect(white.data.every((value) => value === 255)).toBe(true);
    const dropped = await decoded((await tileImages([clear], { pixels: 'pillow' })).tiles[0]);
    expect(dropped.data.every((value) => value === 255)).toBe(false);
  });

  it('shows the first frame of animations and says so; takes CMYK and 16 bits', async () => {
    const frames = await sharp(
      await Promise.all(
        ['#ff0000', '#0000ff'].map((background) =>
          sharp({ create: { width: 30, height: 20, channels: 3, background } })
            .png()
            .toBuffer(),
        ),
      ),
      { join: { animated: true } },
    )
      .gif()
      .toBuffer();
    const cmyk = await picture(40, 30).toColourspace('cmyk').jpeg().toBuffer();
    const deep = await picture(40, 30).toColourspace('rgb16').png().toBuffer();
    for (const pixels of ['fast', 'pillow'] as const) {
      const { plan, tiles } = await tileImages(
        [bytesImage(frames, 'moving.gif'), bytesImage(cmyk, 'inks.jpg'), bytesImage(deep, 'deep.png')],
        { pixels },
      );
      expect(plan.notes).toContain('Of the 2 frames or pages of moving.gif only the first is shown.');
      expect(plan.images[0]?.size).toEqual({ width: 30, height: 20 });
      const first = await decoded(tiles[0]);
      expect([...first.data.subarray(0, 3)]).toEqual([255, 0, 0]);
      for (const tile of tiles) expect((await decoded(tile)).width).toBe(364);
    }
  });

  it('takes strips one pixel wide', async () => {
    for (const pixels of ['fast', 'pillow'] as const) {
      const { plan, tiles } = await tileImages([await png(1, 10_000), await png(10_000, 1)], { pixels });
      expect(plan.images.map(({ rows, columns }) => Math.max(rows, columns))).toEqual([24, 24]);
      for (const { reference } of tiles) expect((await reference.load()).mediaType).toBe('image/png');
    }
  });

  it('refuses bombs in the header, names damaged files', async () => {
    const huge = Buffer.from(await picture(8, 8).png().toBuffer());
    huge.writeUInt32BE(60_000, 16);
    huge.writeUInt32BE(60_000, 20);
    await expect(tileImages([bytesImage(huge, 'bomb.png')])).rejects.toMatchObject({
      code: 'image-too-large',
      where: 'bomb.png',
    });
    await expect(tileImages([await png(40, 40)], { maxPixels: 1599 })).rejects.toMatchObject({
      code: 'image-too-large',
    });
    const whole = await picture(900, 900).png().toBuffer();
    const cut = whole.subarray(0, whole.length / 2);
    for (const pixels of ['fast', 'pillow'] as const) {
      const { tiles } = await tileImages([bytesImage(cut, 'cut.png')], { pixels });
      for (const { reference } of tiles.slice(0, 3)) {
        // Bytes that come in spite of all are not for printing.
        await expect(reference.load().then(({ mediaType }) => mediaType)).rejects.toMatchObject({
          code: 'image-invalid',
          where: 'cut.png',
        });
      }
    }
    await expect(tileImages([bytesImage(Buffer.from('<svg/>'), 'x.svg')])).rejects.toMatchObject({
      code: 'image-invalid',
    });
    await expect(tileImages([await png(4, 4)], { format: 'gif' as 'png' })).rejects.toThrow(/format cannot be "gif"/);
  });
});

describe('tileMessages', () => {
  it('numbers images through and names rows and columns, each where it stood', async () => {
    const messages: Message[] = [
      { role: 'system', content: 'Be short.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Compare ' },
          { type: 'image', image: await png(60, 50), detail: 'high' },
          { type: 'text', text: ' with ' },
          { type: 'image', image: await png(500, 300) },
        ],
      },
    ];
    const { messages: tiled, plan } = await tileMessages(messages);
    expect(tiled[0]).toBe(messages[0]);
    const content = tiled[1]?.content ?? [];
    if (typeof content === 'string') throw new Error('parts expected');
    expect(content.map((part) => (part.type === 'text' ? part.text : '*'))).toEqual([
      'Compare ',
      'Image 1:',
      '*',
      ' with ',
      'Image 2, overview of 1 row by 2 columns:',
      '*',
      'Image 2, row 1 of 1, column 1 of 2:',
      '*',
      'Image 2, row 1 of 1, column 2 of 2:',
      '*',
    ]);
    expect(content[2]).toMatchObject({ detail: 'high' });
    expect(plan.visualInputs).toBe(4);
  });
});

describe('drawGrids', () => {
  it('draws every image with its grid, on one page', async () => {
    const images = [await png(1240, 1754), await png(900, 300), await png(60, 40), await png(1, 4000)];
    const { plan } = await tileImages(images);
    const page = await decodeImage(await drawGrids(images, plan, { width: 800, rowHeight: 200 }));
    expect(page.width).toBe(800);
    const red = page.data.filter((value, at) => at % 3 === 0 && value === 208 && page.data[at + 1] === 2);
    expect(red.length).toBeGreaterThan(2000);
    const size = async (...given: Parameters<typeof drawGrids>): Promise<number> => (await drawGrids(...given)).length;
    await expect(size(images.slice(1), plan)).rejects.toThrow(/3 images cannot be drawn with a plan of 4/);
    await expect(size(images, plan, { rowHeight: 40_000 })).rejects.toThrow(/rows of 40000 pixels/);
    const strips = Array.from({ length: 25 }, () => images[3] as ImageReference);
    const { plan: tall } = await tileImages(strips, { budget: 500 });
    await expect(size(strips, tall, { width: 200, rowHeight: 2000 })).rejects.toThrow(/pixels high/);
  });
});
