// Images a second from files in memory to training pairs on disk, beside a plain loop over sharp that decodes, resizes
// (sharp's cubic kernel, not Pillow's) and keeps raw pixels; and the peak memory of preparing few and many.
//   node bench/pairs.ts [--images 4000] [--data FOLDER]
// Without data the pictures are drawn: 32 pixels a side kept as they are, and 160 made into 64.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { bytesImage, openImageSet } from '../src/data/index.ts';
import { drawnPictures, hashItems, preparePairs, type TrainingItem } from '../src/training/index.ts';

const { values } = parseArgs({ options: { images: { type: 'string', default: '4000' }, data: { type: 'string' } } });
const count = Number(values.images);
const folder = mkdtempSync(join(tmpdir(), 'fettle-bench-pairs-'));

/** The first `count` items with their bytes in memory, so that neither drawing nor reading is timed. */
async function inMemory(items: readonly TrainingItem[]): Promise<TrainingItem[]> {
  const stride = Math.max(1, Math.floor(items.length / count));
  const some = items.filter((_, index) => index % stride === 0).slice(0, count);
  return Promise.all(
    some.map(async (item) => ({ ...item, image: bytesImage((await item.image.load()).bytes, item.id) })),
  );
}

async function plainLoop(items: readonly TrainingItem[], size: number): Promise<void> {
  const kept: Uint8Array[] = [];
  for (const { image } of items) {
    const { bytes } = await image.load();
    const resized = sharp(bytes).resize(size, size, { fit: 'cover', kernel: 'cubic' }).removeAlpha();
    kept.push(await resized.toColourspace('srgb').raw().toBuffer());
  }
}

async function measure(label: string, items: readonly TrainingItem[], size: number): Promise<void> {
  const hashed = await hashItems(await inMemory(items));
  const rate = async (act: () => Promise<unknown>): Promise<number> => {
    const begin = performance.now();
    await act();
    return hashed.length / ((performance.now() - begin) / 1000);
  };
  const from = hashed[0]?.class === undefined ? 'captions' : 'classes';
  let calls = 0;
  const prepare = () =>
    preparePairs({ items: hashed, size, texts: { from }, cacheFolder: join(folder, `${label}${calls++}`) });
  await rate(() => preparePairs({ items: hashed.slice(0, 100), size, texts: { from }, cacheFolder: folder }));
  const ours = await rate(prepare);
  const plain = await rate(() => plainLoop(hashed, size));
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(
    `${label.padEnd(24)}${String(hashed.length).padStart(8)}${ours.toFixed(0).padStart(10)}${plain.toFixed(0).padStart(12)}` +
      `${(ours / plain).toFixed(2).padStart(8)}${peak.toFixed(0).padStart(10)}`,
  );
}

try {
  console.log(
    `${'pictures'.padEnd(24)}${'images'.padStart(8)}${'ours/s'.padStart(10)}${'plain/s'.padStart(12)}${'ratio'.padStart(8)}${'peak MiB'.padStart(10)}`,
  );
  if (values.data === undefined) {
    const each = Math.ceil(count / 10);
    await measure('drawn 32 to 32', drawnPictures({ size: 32, train: each, test: 0 }).items, 32);
    await measure('drawn 160 to 64', drawnPictures({ size: 160, train: Math.ceil(each / 8), test: 0 }).items, 64);
  } else {
    for (const form of ['classes', 'captions'] as const) {
      const set = await openImageSet(values.data, { form }).catch(() => undefined);
      if (set === undefined) continue;
      await measure(form, set.items, form === 'classes' ? 32 : 64);
      await set.close();
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
