// Pictures a second through the image tower of one compact CLIP: ONNX Runtime in TypeScript beside PyTorch in the engine.
//   node bench/clip.ts [--architecture tiny|compact] [--images N] [--batch N] [--threads N] [--rounds N]
// Both sides take the same pictures, once as pixels of the model's size and once as PNG files of 128 x 128 (read, decoded
// and resized), on the CPU with as many threads and pictures a computation. Rounds alternate; medians are shown. Times of
// the engine include the request and reading the vectors, as its callers in TypeScript have them. Exits 1 where vectors
// differ by more than 1e-4.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { fileImage } from '../src/data/index.ts';
import { readVectors, startEngine } from '../src/engine/index.ts';
import { openClip } from '../src/models/index.ts';
import { architectures, drawnPictures, hashItems, preparePairs, readPairs } from '../src/training/index.ts';

const { values } = parseArgs({
  options: {
    architecture: { type: 'string', default: 'compact' },
    images: { type: 'string', default: '500' },
    batch: { type: 'string', default: '64' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
  },
});
const count = z.coerce.number().int().min(10);
const positive = z.coerce.number().int().min(1);
const name = z.enum(['tiny', 'compact']).parse(values.architecture);
const architecture = architectures[name];
const images = count.parse(values.images);
const batch = positive.parse(values.batch);
const threads = positive.parse(values.threads);
const rounds = positive.parse(values.rounds);
const mostDifference = 1e-4;

const folder = mkdtempSync(join(tmpdir(), 'fettle-clip-bench-'));
try {
  const items = await hashItems(
    drawnPictures({ size: 128, train: Math.ceil(images / 10), test: 0 }).items.slice(0, images),
  );
  const size = architecture.imageSize;
  const pairs = await preparePairs({ items, size, texts: { from: 'classes' }, cacheFolder: join(folder, 'pairs') });
  const rows = [...items.keys()];
  const sets = join(folder, 'sets.json');
  writeFileSync(sets, JSON.stringify({ train: rows }));
  mkdirSync(join(folder, 'pictures'));
  const paths: string[] = [];
  for (const [index, item] of items.entries()) {
    const path = join(folder, 'pictures', `${index}.png`);
    writeFileSync(path, (await item.image.load()).bytes);
    paths.push(path);
  }

  // PyTorch reads its number of threads when it starts.
  const variables = { ...process.env, OMP_NUM_THREADS: String(threads) };
  await using engine = await startEngine({ variables });
  const outcome = await engine.run({
    v: 1,
    kind: 'clip',
    out: join(folder, 'training'),
    data: { pairs: pairs.folder, sets },
    model: { architecture },
    steps: 4,
    batch: { items: Math.min(32, images) },
    optimizer: { learningRate: 1e-3 },
    device: 'cpu',
    threads,
    save: {},
    log: {},
  });
  if (outcome.kind !== 'done') throw new Error('the model was not made');
  const model = String(outcome.summary['model']);
  await engine.request({ op: 'export', model, out: join(model, 'onnx') });
  await engine.request({ op: 'load', model, device: 'cpu', dtype: 'fp32' });

  const ask = async (what: { pairs: string; rows: number[] } | { paths: string[] }): Promise<Float32Array> => {
    const result = await engine.request({ op: 'embed', model, images: what, out: join(folder, 'vectors'), batch });
    const vectors = (await readVectors(String(result['vectors'])))['images'];
    rmSync(String(result['vectors']));
    if (vectors === undefined) throw new Error('the engine gave no vectors');
    return vectors;
  };
  const clip = await openClip(model, { threads, batch });
  const opened = await readPairs(pairs.folder);
  const files = paths.map((path) => fileImage(path));

  console.log(
    `${name} CLIP, ${images} pictures, ${batch} a computation, ${threads} ${threads === 1 ? 'thread' : 'threads'}, median of ${rounds}`,
  );
  await contest(`pixels of ${size} x ${size}`, {
    ours: async () => clip.embedImages({ pixels: await opened.pixels(rows) }),
    torch: () => ask({ pairs: pairs.folder, rows }),
  });
  await contest('PNG files of 128 x 128', { ours: () => clip.embedImages(files), torch: () => ask({ paths }) });
  await opened.close();
  await clip.release();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function contest(
  what: string,
  sides: Readonly<Record<'ours' | 'torch', () => Promise<Float32Array>>>,
): Promise<void> {
  const [mine, theirs] = [await sides.ours(), await sides.torch()]; // warms both up
  const difference = mine.reduce((most, value, i) => Math.max(most, Math.abs(value - (theirs[i] ?? Infinity))), 0);
  const seconds: Record<'ours' | 'torch', number[]> = { ours: [], torch: [] };
  for (let round = 0; round < rounds; round++) {
    for (const side of ['ours', 'torch'] as const) {
      const start = performance.now();
      await sides[side]();
      seconds[side].push((performance.now() - start) / 1000);
    }
  }
  const rate = (side: 'ours' | 'torch'): number => images / median(seconds[side]);
  console.log(`${what}: largest difference ${difference.toExponential(1)}`);
  console.log(`  PyTorch in the engine       ${rate('torch').toFixed(0).padStart(7)} pictures/s  1.00 x`);
  console.log(
    `  ONNX Runtime in TypeScript  ${rate('ours').toFixed(0).padStart(7)} pictures/s  ${(rate('ours') / rate('torch')).toFixed(2)} x`,
  );
  if (!(difference <= mostDifference) || mine.length !== theirs.length) process.exitCode = 1;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
