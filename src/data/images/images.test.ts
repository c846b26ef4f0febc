import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { hash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesSource } from '../bytes/bytes-source.ts';
import { binaryCell } from '../rows/binary-cell.ts';
import { openData } from '../tree/open-data.ts';
import { bytesImage, cellImage, entryImage, fileImage, treeImage } from './images.ts';
import { inspectImage } from './inspect-image.ts';

/** A PNG of one colour, or only its header with any size that one likes to claim. */
function png(width: number, height: number, { headerOnly = false } = {}): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(body.length + 8);
    frame.writeUInt32BE(data.length, 0);
    body.copy(frame, 4);
    frame.writeUInt32BE(crc32(body), body.length + 4);
    return frame;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const pixels = headerOnly ? Buffer.alloc(0) : deflateSync(Buffer.alloc((width + 1) * height));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function bmp(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(54 + 4 * width * height);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  return bytes;
}

const gif = Buffer.from('GIF89a\x03\x00\x02\x00\x00\x00\x00;', 'latin1');
const webp = Buffer.from(
  'RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x04\xc0\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00',
  'latin1',
);
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080005000701011100ffd9', 'hex');
const tiff = Buffer.from('49492a000800000002000001030001000000060000000101030001000000050000000000000000000000', 'hex');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fettle-images-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('inspectImage', () => {
  it.each([
    ['image/png', png(4, 3), 4, 3],
    ['image/gif', gif, 3, 2],
    ['image/bmp', bmp(5, 2), 5, 2],
    ['image/jpeg', jpeg, 7, 5],
    ['image/tiff', tiff, 6, 5],
    ['image/webp', webp, 5, 4],
  ])('tells %s from its bytes', async (mediaType, bytes, width, height) => {
    expect(await inspectImage(bytes, 'x.txt')).toEqual({ mediaType, width, height });
  });

  it.each([
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><script>alert(1)</script></svg>', /SVG/],
    ['SVG behind a prologue', '<?xml version="1.0"?>\n<svg width="1" height="1"></svg>', /markup/],
    ['SVG behind text', 'hello <svg width="1" height="1"></svg>', /of type svg/],
    ['HTML', '\ufeff\n<!DOCTYPE html><html></html>', /HTML/],
    ['a pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n', /LFS/],
    ['text', 'not an image', /header/],
    ['nothing', '', /empty/],
    ['an icon', Buffer.from('00000100010010100000010020000000000016000000', 'hex'), /of type ico/],
    ['a cut header', png(4, 3).subarray(0, 18), /header/],
  ])('refuses %s', async (_what, content, message) => {
    await expect(inspectImage(Buffer.from(content), 'x.png')).rejects.toMatchObject({
      code: 'image-invalid',
      where: 'x.png',
      message: expect.stringMatching(message) as string,
    });
  });

  it('reads nothing behind the end of what it is given', async () => {
    const alone = new Uint8Array(png(4, 3));
    await expect(inspectImage(alone.subarray(0, 18), 'x.png')).rejects.toMatchObject({
      code: 'image-invalid',
      message: 'Image x.png cannot be used: its header cannot be read',
      hint: expect.stringContaining('fetch it again') as string,
    });
  });

  it('refuses what would take too much memory, before decoding it', async () => {
    const huge = png(100_000, 100_000, { headerOnly: true });
    await expect(inspectImage(huge, 'x.png')).rejects.toMatchObject({
      code: 'image-too-large',
      message: expect.stringMatching(/100000 by 100000/) as string,
    });
    await expect(inspectImage(png(4, 3), 'x.png', { maxBytes: 10 })).rejects.toMatchObject({ code: 'image-too-large' });
    await expect(inspectImage(png(4, 3), 'x.png', { maxPixels: 11 })).rejects.toMatchObject({
      code: 'image-too-large',
    });
  });
});

describe('image references', () => {
  it('load late, once for concurrent callers, with type and hash', async () => {
    let reads = 0;
    const source = bytesSource(png(4, 3), 'a.jpg');
    const image = entryImage({ ...source, bytes: (options) => (reads++, source.bytes(options)) });
    expect(reads).toBe(0);
    const [one, two] = await Promise.all([image.load(), image.load()]);
    expect(one).toBe(two);
    expect(await image.load()).toBe(one);
    expect(reads).toBe(1);
    expect(one).toMatchObject({ mediaType: 'image/png', sha256: hash('sha256', png(4, 3), 'hex') });
  });

  it('try again after a failure', async () => {
    let reads = 0;
    const image = entryImage({
      ...bytesSource('', 'a'),
      size: undefined,
      bytes: async () => (reads++ === 0 ? Buffer.from('oops') : png(1, 1)),
    });
    await expect(image.load()).rejects.toMatchObject({ code: 'image-invalid' });
    expect(await image.load()).toMatchObject({ mediaType: 'image/png' });
  });

  it('read nothing when the size alone is too much', async () => {
    const image = entryImage({
      ...bytesSource('x', 'a'),
      size: 10 ** 12,
      bytes: () => Promise.reject(new Error('was read')),
    });
    await expect(image.load()).rejects.toMatchObject({ code: 'image-too-large' });
  });

  it('stay within their folder', async () => {
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data', 'in.png'), png(1, 1));
    await writeFile(join(folder, 'secret.png'), png(1, 1));
    await symlink(join(folder, 'secret.png'), join(folder, 'data', 'link.png'));
    const within = join(folder, 'data');
    expect(await fileImage('in.png', { within }).load()).toMatchObject({ mediaType: 'image/png' });
    for (const path of ['../secret.png', join(folder, 'secret.png'), 'link.png', '/etc/passwd']) {
      await expect(fileImage(path, { within }).load(), path).rejects.toMatchObject({ code: 'image-outside' });
    }
    await using tree = await openData(within);
    expect(await treeImage(tree, 'in.png').load()).toMatchObject({ mediaType: 'image/png' });
    await expect(treeImage(tree, '../secret.png').load()).rejects.toMatchObject({ code: 'data-missing' });
    await expect(treeImage(tree, 'link.png').load()).rejects.toMatchObject({ code: 'data-missing' });
  });

  it('come from cells of every kind', async () => {
    const bytes = png(2, 2);
    const label = 'rows.jsonl:3 image';
    const data = `data:image/png;base64,${bytes.toString('base64')}`;
    for (const cell of [binaryCell(bytes), { bytes: binaryCell(bytes), path: 'a.png' }, data]) {
      expect(await cellImage(cell, { label })?.load()).toMatchObject({ mediaType: 'image/png' });
    }
    expect(cellImage(null, { label })).toBeUndefined();
    expect(() => cellImage('https://example.com/a.png', { label })).toThrow(/not fetched/);
    expect(() => cellImage('file:///etc/passwd', { label })).toThrow(/not fetched/);
    expect(() => cellImage({ byteLength: 4 }, { label })).toThrow(/holds no image/);
    expect(() => cellImage(7, { label })).toThrow(/holds no image/);
    expect(() => cellImage(data, { label, maxBytes: 8 })).toThrow(/limit/);
    expect(await bytesImage(bytes, 'a').load()).toMatchObject({ mediaType: 'image/png' });
  });
});
