import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classWords } from './class-words.ts';
import { openImageSet } from './open-image-set.ts';
import { splitOfArchive } from './split-name.ts';

/** A GIF of one pixel; `shade` makes its bytes, and so its hash, differ. */
const gif = (shade: number): Buffer =>
  Buffer.concat([
    Buffer.from('GIF89a\x01\x00\x01\x00\x80\x00\x00', 'latin1'),
    Buffer.from([shade, 0, 0, 0, 0, 0, 0x3b]),
  ]);

let root: string;
let counter = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fettle-image-set-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function folder(files: Record<string, string | Buffer>): Promise<string> {
  const at = join(root, `set-${counter++}`);
  await mkdir(at);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(at, path)), { recursive: true });
    await writeFile(join(at, path), content);
  }
  return at;
}

const labels = JSON.stringify({ fine_names: ['pear', 'apple'], fine_to_coarse: { apple: 'fruit', pear: 'fruit' } });
const cifar = {
  'train/apple/1.gif': gif(1),
  'train/pear/2.gif': gif(2),
  'test/apple/3.gif': gif(3),
  'test/train/4.gif': gif(4),
};

describe('openImageSet, class folders', () => {
  it('reads splits, classes and superclasses', async () => {
    await using set = await openImageSet(await folder({ ...cifar, 'labels.json': labels }));
    expect(set.form).toBe('classes');
    expect(set.items.map(({ id, split, class: name, superclass }) => [id, split, name, superclass])).toEqual([
      ['test/apple/3.gif', 'test', 'apple', 'fruit'],
      ['test/train/4.gif', 'test', 'train', undefined],
      ['train/apple/1.gif', 'train', 'apple', 'fruit'],
      ['train/pear/2.gif', 'train', 'pear', 'fruit'],
    ]);
    expect(set.classes).toEqual(['pear', 'apple', 'train']);
    expect((await set.items[0]?.image.load())?.mediaType).toBe('image/gif');
  });

  it('reads tar files in a folder as the folder itself, with the same hash', async () => {
    const plain = await folder(cifar);
    const packed = await folder({});
    for (const split of ['train', 'test']) {
      execFileSync('tar', ['cf', join(packed, `set-${split}.tar`), '-C', plain, split]);
    }
    await using one = await openImageSet(plain);
    await using two = await openImageSet(packed);
    expect(two.items.map(({ id }) => id).toSorted()).toEqual(one.items.map(({ id }) => id));
    await using three = await openImageSet(join(packed, 'set-test.tar'));
    await using four = await openImageSet(plain, { only: ['test'] });
    expect(three.items).toHaveLength(2);
    expect(await three.hash()).toBe(await four.hash());
    expect(await three.hash()).not.toBe(await one.hash());
  });

  it('takes the split from the archive where its folders name none', async () => {
    const plain = await folder({ 'x/apple/1.gif': gif(1), 'x/pear/2.gif': gif(2) });
    const packed = await folder({});
    execFileSync('tar', ['czf', join(packed, 'fruit-val.tar.gz'), '-C', plain, 'x']);
    await using set = await openImageSet(packed);
    expect(set.items.map((item) => [item.class, item.split])).toEqual([
      ['apple', 'validation'],
      ['pear', 'validation'],
    ]);
    expect(splitOfArchive('train-or-test.tar')).toBeUndefined();
  });

  it('reads class folders without splits, a class named train among them', async () => {
    await using set = await openImageSet(await folder({ 'train/1.gif': gif(1), 'apple/2.gif': gif(2) }));
    expect(set.items.map((item) => [item.class, item.split])).toEqual([
      ['apple', undefined],
      ['train', undefined],
    ]);
  });

  it('keeps hostile class names as plain data', async () => {
    await using set = await openImageSet(await folder({ '__proto__/1.gif': gif(1), 'constructor/2.gif': gif(2) }));
    expect(set.classes).toEqual(['__proto__', 'constructor']);
  });

  it('says what is missing', async () => {
    await expect(openImageSet(await folder({ '1.gif': gif(1) }))).rejects.toMatchObject({ code: 'data-missing' });
    await expect(openImageSet(await folder(cifar), { only: ['validation'] })).rejects.toThrow(/split validation/);
    await expect(openImageSet(await folder({ ...cifar, 'labels.json': '{"fine_to_coarse": []}' }))).rejects.toThrow(
      /names no superclasses/,
    );
    await expect(openImageSet(await folder(cifar), { labels: 'label.json' })).rejects.toThrow(/holds no label.json/);
  });
});

describe('openImageSet, captions', () => {
  const pictures = { 'images/a.gif': gif(1), 'images/b.gif': gif(2) };

  it('reads numbered captions with split lists, names with or without extension', async () => {
    const at = await folder({
      ...pictures,
      'captions.tsv': 'a.gif#0\tA dog .\na.gif#1\tThe dog runs .\nb.gif#0\tA cat .\nc.gif#0\tNot there .\n',
      'splits.json': JSON.stringify({ about: 'x', train: ['a'], dev: [], test: ['b.gif'] }),
    });
    await using set = await openImageSet(at);
    expect(set.items).toMatchObject([
      { id: 'images/a.gif', captions: ['A dog .', 'The dog runs .'], split: 'train' },
      { id: 'images/b.gif', captions: ['A cat .'], split: 'test' },
    ]);
    expect(set.notes).toEqual([expect.stringMatching(/1 rows name pictures that are not there \(c\.gif\)/)]);
    await using byFile = await openImageSet(join(at, 'captions.tsv'), { only: ['test'] });
    expect(byFile.items.map(({ id }) => id)).toEqual(['images/b.gif']);
  });

  it('reads piped captions, one row with a lost bar among them', async () => {
    const text =
      'image_name| comment_number| comment\na.gif| 0| A dog | or two .\na.gif| 4   A dog runs .\nb.gif| 0|\n';
    await using set = await openImageSet(await folder({ ...pictures, 'results.csv': text }));
    expect(set.items.map(({ captions }) => captions)).toEqual([['A dog | or two .', 'A dog runs .'], undefined]);
  });

  it('reads rows with captions or classes, packed too', async () => {
    const rows = [
      { image: 'images/a.gif', captions: ['A dog.', ' '], split: 'val', id: 7 },
      { image: `data:image/gif;base64,${gif(3).toString('base64')}`, caption: 'Red.', class: '__proto__' },
    ];
    const packed = gzipSync(rows.map((row) => JSON.stringify(row)).join('\n'));
    await using set = await openImageSet(await folder({ ...pictures, 'rows.jsonl.gz': packed }));
    expect(set.items).toMatchObject([
      { id: '7', captions: ['A dog.'], split: 'validation' },
      { id: '2', captions: ['Red.'], class: '__proto__' },
    ]);
    expect((await set.items[1]?.image.load())?.mediaType).toBe('image/gif');
  });

  it('reads documents with sentences', async () => {
    const document = { images: [{ filename: 'b.gif', split: 'restval', sentences: [{ raw: 'A cat.' }] }] };
    await using set = await openImageSet(await folder({ ...pictures, 'dataset.json': JSON.stringify(document) }));
    expect(set.items).toMatchObject([{ id: 'images/b.gif', split: 'train', captions: ['A cat.'] }]);
  });

  it('never leaves the data', async () => {
    await writeFile(join(root, 'secret.gif'), gif(9));
    const rows = JSON.stringify({ image: '../secret.gif', caption: 'x' });
    const at = await folder({ ...pictures, 'rows.jsonl': rows });
    await expect(openImageSet(at, { form: 'captions' })).rejects.toMatchObject({ code: 'data-missing' });
    const remote = JSON.stringify({ image: 'https://example.com/a.gif', caption: 'x' });
    await expect(openImageSet(await folder({ ...pictures, 'r.jsonl': `${remote}\n${remote}` }))).rejects.toMatchObject({
      code: 'image-remote',
    });
  });

  it('refuses what cannot be meant', async () => {
    const tsv = 'a.gif#0\tA dog .\n';
    const twice = JSON.stringify({ train: ['a.gif'], test: ['a'] });
    await expect(openImageSet(await folder({ ...pictures, 'c.tsv': tsv, 'splits.json': twice }))).rejects.toThrow(
      /into train and into test/,
    );
    await expect(openImageSet(await folder({ ...pictures, 'c.tsv': tsv, 'd.tsv': tsv }))).rejects.toThrow(
      /more than one file of captions/,
    );
    await expect(openImageSet(await folder({ ...pictures, 'c.tsv': `${tsv}broken\n` }))).rejects.toMatchObject({
      where: expect.stringMatching(/c\.tsv:2$/) as string,
    });
    await expect(openImageSet(await folder({ ...pictures, ...cifar, 'c.tsv': tsv }))).rejects.toThrow(
      /class folders and/,
    );
    await using set = await openImageSet(await folder({ ...pictures, ...cifar, 'c.tsv': tsv }), { form: 'classes' });
    expect(set.items).toHaveLength(4);
  });
});

describe('classWords', () => {
  it('writes underscores as spaces', () => {
    expect(classWords('aquarium_fish')).toBe('aquarium fish');
  });
});

const shared = fileURLToPath(new URL('../../../../shared/data/cliperase', import.meta.url));
describe.skipIf(!existsSync(shared))('openImageSet, shared data', () => {
  it('reads CIFAR-100 and Flickr8k as they lie', async () => {
    await using classes = await openImageSet(shared, { form: 'classes' });
    expect(classes.items).toHaveLength(20_000);
    expect(classes.classes).toHaveLength(100);
    expect(new Set(classes.superclasses?.values()).size).toBe(20);
    await using captions = await openImageSet(shared, { form: 'captions' });
    expect(captions.items).toHaveLength(1000);
    expect(captions.items.every((item) => item.captions?.length === 5)).toBe(true);
    const count = (split?: string) => captions.items.filter((item) => item.split === split).length;
    expect([count('train'), count('validation'), count('test'), count()]).toEqual([753, 113, 125, 9]);
  });
});
