import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openData } from '../../../data/index.ts';
import { folderImages, type ImageFinder, treeImages } from './image-finder.ts';

// A PNG of one pixel.
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
);

let outer: string;
let root: string;

beforeAll(() => {
  outer = mkdtempSync(join(tmpdir(), 'fettle-images-'));
  root = join(outer, 'data');
  mkdirSync(join(root, 'set/images'), { recursive: true });
  writeFileSync(join(root, 'set/images/a.png'), pixel);
  // Named as what it is not.
  writeFileSync(join(root, 'b.jpg'), pixel);
  writeFileSync(join(outer, 'secret.png'), pixel);
  symlinkSync(join(outer, 'secret.png'), join(root, 'link.png'));
});
afterAll(() => rmSync(outer, { recursive: true, force: true }));

const finders: readonly (readonly [string, () => Promise<ImageFinder>])[] = [
  ['a folder', async () => folderImages(root)],
  ['a tree', async () => treeImages(await openData(root))],
];

describe.each(finders)('images of %s', (_, open) => {
  it.each([
    'set/images/a.png',
    './set/images/a.png',
    'set\\images\\a.png',
    '../set/images/a.png',
    '../gone/set/images/a.png',
  ])('finds %s', async (path) => {
    const images = await open();
    expect(await images.fault(path)).toBeUndefined();
    expect((await images.image(path, 'q').load()).mediaType).toBe('image/png');
  });

  it('tells the type by the bytes', async () => {
    expect((await (await open()).image('b.jpg', 'q').load()).mediaType).toBe('image/png');
  });

  it.each(['../../secret.png', '/etc/passwd', 'C:\\x.png', 'set/../../secret.png', 'a\0b', '..', ''])(
    'refuses %j as outside, without a look at it',
    async (path) => {
      const images = await open();
      const wanted = { code: 'image-outside' };
      expect(await images.fault(path)).toMatchObject(wanted);
      await expect(images.image(path, 'q7').load()).rejects.toMatchObject({ ...wanted, where: 'sample q7' });
    },
  );

  it('never follows a link that leads out', async () => {
    const images = await open();
    expect(['image-outside', 'data-missing']).toContain((await images.fault('link.png'))?.code);
    await expect(images.image('link.png', 'q').load()).rejects.toThrow();
  });

  it('says where it looked', async () => {
    await expect((await open()).image('../set/none.png', 'q7').load()).rejects.toMatchObject({
      code: 'data-missing',
      where: 'sample q7',
      message: 'There is no image "../set/none.png"',
      hint: expect.stringContaining('set/none.png and none.png') as string,
    });
  });

  it('gives an image within or a fault for any path', async () => {
    const images = await open();
    const part = fc.constantFrom('..', '.', 'set', 'images', 'a.png', 'secret.png', 'link.png', '', '~', '%2e%2e');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), fc.constantFrom('/', '\\'), async (parts, slash) => {
        const path = parts.join(slash);
        if ((await images.fault(path)) !== undefined) return;
        expect(path.replaceAll('\\', '/')).toMatch(/(?:^|\/)a\.png\/*$|a\.png(?:\/\.?)*$/);
      }),
      { numRuns: 300 },
    );
  });
});
