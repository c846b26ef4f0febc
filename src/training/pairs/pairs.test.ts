import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bytesImage, decodeImage, toPlanes, toSquare } from '../../data/index.ts';
import { findEngine } from '../../engine/index.ts';
import { drawnPictures } from '../drawn/index.ts';
import type { TrainingItem } from '../training-item.ts';
import { classText, classTexts } from '../../core/index.ts';
import { preparePairs, type PreparedPairs } from './prepare-pairs.ts';
import { readPairs } from './read-pairs.ts';
import { safetensorsHeader } from './safetensors.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fettle-pairs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const { items } = drawnPictures({ size: 20, train: 2, test: 1 });
const prepare = (cacheFolder: string, some: readonly TrainingItem[] = items): Promise<PreparedPairs> =>
  preparePairs({ items: some, size: 12, texts: { from: 'classes' }, cacheFolder });

/** Counts how often images are loaded; `before` may fail. */
function watched(before: (count: number) => void = () => undefined): { items: TrainingItem[]; loads: () => number } {
  let count = 0;
  const load = (item: TrainingItem) => () => {
    before(++count);
    return item.image.load();
  };
  return { items: items.map((item) => ({ ...item, image: { ...item.image, load: load(item) } })), loads: () => count };
}

describe('class texts', () => {
  test.each([
    ['a photo of a {}.', 'apple', 'a photo of an apple.'],
    ['a photo of a {}.', 'sweet_pepper', 'a photo of a sweet pepper.'],
    ['A {} and a {}', 'oak_tree', 'An oak tree and an oak tree'],
    ['a {}', 'unicorn', 'a unicorn'],
    ['a {}', 'hourglass', 'an hourglass'],
    ['pizza {}', 'apple', 'pizza apple'],
    ['a {}', '$& {}', 'a $& {}'],
  ])('%j of %j', (template, name, text) => {
    expect(classText(template, name)).toBe(text);
  });

  test('keep the article on request, try synonyms, refuse a template without a place', () => {
    expect(classText('a photo of a {}.', 'apple', 'keep')).toBe('a photo of a apple.');
    const texts = classTexts(['apple'], { templates: ['{}', 'a {}'], synonyms: { apple: ['granny smith'] } });
    expect(texts.get('apple')).toEqual(['apple', 'an apple', 'granny smith', 'a granny smith']);
    expect(() => classText('a photo', 'apple')).toThrow(expect.objectContaining({ exitCode: 2, where: 'template' }));
  });
});

describe('preparePairs', () => {
  test('what is read is what was prepared, pixel by pixel', async () => {
    const prepared = await prepare(temporaryFolder());
    await using pairs = await readPairs(prepared.folder, { verify: true });
    expect(pairs.manifest).toEqual(prepared.manifest);
    expect(pairs.manifest).toMatchObject({
      version: 1,
      kind: 'pairs',
      items: 30,
      texts: 10,
      image: { size: 12, channels: 3 },
    });
    expect(pairs.rows.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    for (const [row, { class: number, texts }] of pairs.rows.entries()) {
      const name = pairs.manifest.classes?.[number ?? -1];
      expect(name).toBe(items[row]?.class);
      expect(texts.map((text) => pairs.texts[text])).toEqual([`a photo of a ${name}.`]);
    }
    const wanted = [29, 0, 1, 2, 7];
    const pixels = await pairs.pixels(wanted);
    for (const [index, row] of wanted.entries()) {
      const image = await decodeImage((await items[row]?.image.load())?.bytes ?? new Uint8Array());
      expect(pixels.subarray(index * 432, (index + 1) * 432)).toEqual(toPlanes(toSquare(image, 12)));
    }
    await expect(pairs.pixels([30])).rejects.toMatchObject({ exitCode: 2 });
    expect(readdirSync(prepared.folder).sort()).toEqual([
      'items.jsonl',
      'manifest.json',
      'pixels.safetensors',
      'texts.jsonl',
    ]);
    for (const [name, sha256] of Object.entries(pairs.manifest.sha256)) {
      expect(hash('sha256', readFileSync(join(prepared.folder, name)), 'hex')).toBe(sha256);
    }
  });

  test('captions and extra texts get one row each, however often they come', async () => {
    const some = items
      .slice(0, 3)
      .map((item, index) => ({ ...item, captions: index < 2 ? ['A dog .', ' A dog . '] : ['A cat .'] }));
    const cacheFolder = temporaryFolder();
    const captions = await preparePairs({
      items: some,
      size: 8,
      texts: { from: 'captions', extra: ['A cat .', 'A fox .'] },
      cacheFolder,
    });
    expect(captions.texts).toEqual(['A dog .', 'A cat .', 'A fox .']);
    expect(captions.rows.map(({ texts }) => texts)).toEqual([[0], [0], [1]]);
    const both = await preparePairs({ items: some, size: 8, texts: { from: 'both' }, cacheFolder });
    expect(both.rows[2]).toMatchObject({ texts: [1, 3], class: 1 });
    expect(both.classTexts).toEqual({ circle: [0], crescent: [1] });
  });

  test('a folder of the same content is used again, and one of other content is another', async () => {
    const cacheFolder = temporaryFolder();
    const first = await prepare(cacheFolder);
    const { items: counted, loads } = watched();
    const again = await prepare(cacheFolder, counted);
    expect(again).toEqual({ ...first, reused: true });
    expect(loads()).toBe(items.length); // to hash them, not to decode
    const others = await Promise.all([
      preparePairs({ items, size: 13, texts: { from: 'classes' }, cacheFolder }),
      preparePairs({ items, size: 12, texts: { from: 'classes', article: 'keep', templates: ['{}'] }, cacheFolder }),
      prepare(cacheFolder, items.slice(1)),
    ]);
    expect(new Set([first, ...others].map(({ folder }) => folder)).size).toBe(4);
  });

  test('two calls at once make one folder', async () => {
    const cacheFolder = temporaryFolder();
    const both = await Promise.all([prepare(cacheFolder), prepare(cacheFolder)]);
    expect(both.map(({ reused }) => reused).sort()).toEqual([false, true]);
    expect(readdirSync(cacheFolder)).toHaveLength(1);
  });

  test('a cut or changed folder is found out; one that is cut is made anew', async () => {
    const cacheFolder = temporaryFolder();
    const { folder } = await prepare(cacheFolder);
    const pixels = join(folder, 'pixels.safetensors');
    const bytes = readFileSync(pixels);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(pixels, bytes);
    await expect(readPairs(folder, { verify: true })).rejects.toMatchObject({ code: 'pairs-damaged', where: pixels });
    truncateSync(pixels, bytes.length - 5);
    await expect(readPairs(folder)).rejects.toMatchObject({ code: 'pairs-damaged' });
    expect(await prepare(cacheFolder)).toMatchObject({ folder, reused: false });
    appendFileSync(join(folder, 'texts.jsonl'), '{"text":"evil"}\n');
    await expect(readPairs(folder)).rejects.toMatchObject({
      code: 'pairs-damaged',
      where: join(folder, 'texts.jsonl'),
    });
  });

  test('an interrupted call goes on where it was, and gives the same bytes', async () => {
    // 1024 pixels a side: two images a block.
    const some = items.slice(0, 7);
    const options = { items: some, size: 1024, texts: { from: 'classes' }, concurrency: 1 } as const;
    const whole = await preparePairs({ ...options, cacheFolder: temporaryFolder() });
    const cacheFolder = temporaryFolder();
    const stop = new AbortController();
    const cut = preparePairs({
      ...options,
      cacheFolder,
      signal: stop.signal,
      onProgress: ({ phase, done }) => {
        if (phase === 'decode' && done === 5) stop.abort();
      },
    });
    await expect(cut).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(cacheFolder)).toEqual([expect.stringMatching(/\.partial$/)]);
    const seen: number[] = [];
    const resumed = await preparePairs({
      ...options,
      cacheFolder,
      onProgress: ({ phase, done }) => {
        if (phase === 'decode') seen.push(done);
      },
    });
    expect(seen).toEqual([4, 5, 6, 7]);
    expect(resumed.manifest).toEqual(whole.manifest);
    await using pairs = await readPairs(resumed.folder, { verify: true });
    expect(pairs.rows).toHaveLength(7);
  });

  test('blocks that are not what was noted are drawn again', async () => {
    const cacheFolder = temporaryFolder();
    const { folder, manifest } = await prepare(cacheFolder);
    const partial = `${folder}.partial`;
    execFileSync('mv', [folder, partial]);
    const block = { rows: 30, sha256: '0'.repeat(64) };
    writeFileSync(join(partial, 'blocks.jsonl'), `${JSON.stringify(block)}\n{"rows":`);
    expect(await prepare(cacheFolder)).toMatchObject({ manifest, reused: false });
  });

  test('leaves nothing behind when a picture cannot be decoded or changes', async () => {
    const cacheFolder = temporaryFolder();
    const broken = Buffer.from((await items[0]?.image.load())?.bytes ?? []);
    broken.fill(0, 60, 200);
    const bad = [...items, { ...(items[0] as TrainingItem), id: 'bad', image: bytesImage(broken, 'bad.png') }];
    await expect(prepare(cacheFolder, bad)).rejects.toMatchObject({ code: 'image-invalid', where: 'bad.png' });
    const changed = items.map((item) => ({ ...item, sha256: '0'.repeat(64) }));
    await expect(prepare(cacheFolder, changed)).rejects.toMatchObject({ code: 'data-changed' });
    expect(readdirSync(cacheFolder)).toEqual([]);
  });

  test('a full disk is said before anything is decoded, and while it is written', async (context) => {
    const cacheFolder = temporaryFolder();
    try {
      // Room for 1 MB and for few files: the space is there, but a file cannot be made.
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,nr_inodes=4', 'tmpfs', cacheFolder], { stdio: 'ignore' });
    } catch {
      return context.skip('mounting a small file system needs root on Linux');
    }
    onTestFinished(() => void execFileSync('umount', [cacheFolder]));
    const { items: counted, loads } = watched();
    const large = preparePairs({ items: counted, size: 300, texts: { from: 'classes' }, cacheFolder });
    const full = { code: 'disk-full', hint: expect.stringMatching(/Nothing was left behind/) as string };
    await expect(large).rejects.toMatchObject({
      ...full,
      message: expect.stringMatching(/take \d.*B, and .*B are free/) as string,
    });
    expect(loads()).toBe(items.length);
    await expect(prepare(cacheFolder)).rejects.toMatchObject(full);
    expect(readdirSync(cacheFolder)).toEqual([]);
  });

  test.each<[string, Parameters<typeof preparePairs>[0]['texts'], readonly TrainingItem[], object]>([
    ['no items', { from: 'classes' }, [], { where: 'items' }],
    [
      'an item without a class',
      { from: 'classes' },
      [{ id: 'x', image: (items[0] as TrainingItem).image }],
      { where: 'x' },
    ],
    [
      'an item without captions',
      { from: 'captions' },
      [{ ...(items[0] as TrainingItem), captions: [' '] }],
      { where: items[0]?.id },
    ],
    [
      'the same id twice',
      { from: 'classes' },
      [items[0] as TrainingItem, items[0] as TrainingItem],
      { code: 'data-invalid' },
    ],
  ])('refuses %s', async (_what, texts, some, fault) => {
    await expect(preparePairs({ items: some, size: 8, texts, cacheFolder: temporaryFolder() })).rejects.toMatchObject(
      fault,
    );
  });
});

test('the header is a multiple of 8 bytes and says where the tensor lies', () => {
  const header = safetensorsHeader('pixels', [3, 3, 5, 5]);
  expect(header.length % 8).toBe(0);
  expect(Number(header.readBigUInt64LE(0))).toBe(header.length - 8);
  expect(JSON.parse(header.subarray(8).toString())).toEqual({
    pixels: { dtype: 'U8', shape: [3, 3, 5, 5], data_offsets: [0, 225] },
  });
});

const python = findEngine()?.python;

/** Skipped where the engine is not set up. */
test.skipIf(python === undefined || !existsSync(python))('the safetensors library reads the pixels', async () => {
  const { folder } = await prepare(temporaryFolder());
  const program = [
    'import hashlib, sys',
    'from safetensors import safe_open',
    "with safe_open(sys.argv[1], framework='pt') as file:",
    "    pixels = file.get_tensor('pixels')",
    'print(list(pixels.shape), pixels.dtype, hashlib.sha256(pixels.numpy().tobytes()).hexdigest())',
  ].join('\n');
  const output = execFileSync(python ?? '', ['-c', program, join(folder, 'pixels.safetensors')], { encoding: 'utf8' });
  await using pairs = await readPairs(folder);
  const sha256 = hash('sha256', await pairs.pixels([...items.keys()]), 'hex');
  expect(output.trim()).toBe(`[30, 3, 12, 12] torch.uint8 ${sha256}`);
});
