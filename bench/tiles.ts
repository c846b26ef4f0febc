// Dividing images among tiles: time for 10,000 lists, how each allocator uses the budget, and tiling real charts beside
// the same geometry in Pillow.
//   node bench/tiles.ts [--data FOLDER] [--images 500] [--python PYTHON]
// FOLDER (default ../shared/data) holds leopard/ (reference vectors, sizes of charts) and multichartqa/ (charts); what is
// absent is left out, which is said. Both ways tile the same groups by the released rule and encode every tile as PNG.
// PYTHON needs Pillow; default: the engine's. Exits 1 where the default uses less than 90 % of the tile budget on lists
// that exceed it, or exact pixels differ from a Pillow before 13.
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createRandom } from '../src/core/index.ts';
import { decodeImage, fileImage, openData } from '../src/data/index.ts';
import { findEngine } from '../src/engine/index.ts';
import { leopardRawCount } from '../src/tiling/allocators/leopard.ts';
import { allocateTiles, allocators, defaultAllocator, type ImageSize, tileImages } from '../src/tiling/index.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: here('../../shared/data') },
    images: { type: 'string', default: '500' },
    python: { type: 'string' },
  },
});
const wanted = z.coerce.number().int().min(1).parse(values.images);

interface List {
  readonly sizes: readonly ImageSize[];
  readonly budget: number;
  readonly tile: number;
}
const pair = z.tuple([z.number(), z.number()]).transform(([width, height]) => ({ width, height }));

timeAllocation();
const vectors = join(values.data, 'leopard/golden/golden-allocation.json');
const charts = join(values.data, 'leopard/image-sizes.json');
if (existsSync(vectors)) {
  const cases = z
    .object({
      pipeline_cases: z.array(z.object({ sizes_wh: z.array(pair), total_budget: z.number(), patch_side: z.number() })),
    })
    .parse(JSON.parse(readFileSync(vectors, 'utf8')));
  const lists = cases.pipeline_cases.map((entry) => ({
    sizes: entry.sizes_wh,
    budget: entry.total_budget,
    tile: entry.patch_side,
  }));
  const share = useTable('reference vectors, lists over the budget', lists.filter(isOver));
  if (share < 0.9) process.exitCode = 1;
} else console.log(`\n${vectors} is absent: no table of the reference vectors`);
if (existsSync(charts)) {
  const groups = z.record(z.string(), z.record(z.string(), pair)).parse(JSON.parse(readFileSync(charts, 'utf8')));
  const lists = Object.values(groups).map((group) => ({ sizes: Object.values(group), budget: 50, tile: 364 }));
  useTable('real charts of MultiChartQA, groups over the budget', lists.filter(isOver));
  useTable('real charts of MultiChartQA, all groups', lists);
} else console.log(`\n${charts} is absent: no table of real charts`);
const archive = join(values.data, 'multichartqa/images-110-groups.tar');
if (existsSync(archive)) await tileCharts();
else console.log(`\n${archive} is absent: no charts are tiled`);

function timeAllocation(): void {
  const random = createRandom('tiles');
  const lists = Array.from({ length: 10_000 }, () =>
    Array.from({ length: 1 + random.integer(30) }, () => ({
      width: 200 + random.integer(3000),
      height: 200 + random.integer(3000),
    })),
  );
  console.log('10,000 lists of 1 to 30 images, budget 50\n');
  for (const allocator of allocators) {
    const begin = performance.now();
    for (const sizes of lists) allocateTiles(sizes, { allocator });
    const seconds = (performance.now() - begin) / 1000;
    console.log(`${allocator.padEnd(20)}${seconds.toFixed(2).padStart(8)} s`);
  }
}

function isOver({ sizes, budget, tile }: List): boolean {
  const left = budget - sizes.length;
  return left > 0 && sizes.reduce((sum, size) => sum + leopardRawCount(size, tile), 0) > left;
}

/** Prints the table; gives the share that the default allocator uses. */
function useTable(title: string, lists: readonly List[]): number {
  console.log(`\n${title}: ${lists.length}`);
  console.log(
    `${'allocator'.padEnd(20)}${['used', 'worst', 'raising', 'picture', 'scale', 'lowest', 'tokens', 'below', 'without']
      .map((name) => name.padStart(9))
      .join('')}`,
  );
  let ours = 0;
  for (const allocator of allocators) {
    const sums = { used: 0, raising: 0, picture: 0, scale: 0, lowest: 0, tokens: 0 };
    let worst = 1;
    let below = 0;
    let without = 0;
    for (const { sizes, budget, tile } of lists) {
      const plan = allocateTiles(sizes, { allocator, budget, tile });
      const released = allocateTiles(sizes, { allocator: 'leopard', budget, tile });
      sums.used += plan.budget.share;
      worst = Math.min(worst, plan.budget.share);
      sums.raising += plan.budget.raising / plan.budget.tiles;
      sums.picture += plan.budget.pictureShare;
      sums.scale += plan.images.reduce((sum, { scale }) => sum + scale, 0) / sizes.length;
      sums.lowest += Math.min(...plan.images.map(({ scale }) => scale));
      sums.tokens += plan.tokens;
      below += plan.images.filter(({ scale }, i) => scale < (released.images[i]?.scale ?? 0)).length;
      const most = Math.max(...plan.images.map(({ tiles }) => tiles));
      without += plan.images.filter(({ tiles, scale }) => tiles === 0 && scale < 1 && most > 4).length;
    }
    const mean = (sum: number): string => (sum / lists.length).toFixed(3).padStart(9);
    const whole = (value: number): string => Math.round(value).toString().padStart(9);
    console.log(
      `${allocator.padEnd(20)}${mean(sums.used)}${worst.toFixed(3).padStart(9)}${mean(sums.raising)}${mean(sums.picture)}` +
        `${mean(sums.scale)}${mean(sums.lowest)}${whole(sums.tokens / lists.length)}${whole(below)}${whole(without)}`,
    );
    if (allocator === defaultAllocator) ours = sums.used / lists.length;
  }
  return ours;
}

async function tileCharts(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fettle-bench-tiles-'));
  try {
    const groups = await unpack(folder);
    const count = groups.reduce((sum, group) => sum + group.length, 0);
    const file = join(folder, 'groups.json');
    writeFileSync(file, JSON.stringify(groups));
    console.log(`\n${count} charts in ${groups.length} lists, tiled by the released rule, encoded as PNG`);
    const measured = z.object({ seconds: z.number(), inputs: z.number(), peakKiB: z.number() });
    const run = (command: string, args: readonly string[]): unknown =>
      JSON.parse(
        execFileSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] }),
      );
    const show = (name: string, { seconds, inputs, peakKiB }: z.output<typeof measured>, base?: number): void => {
      const ratio = base === undefined ? '' : `   ${(base / seconds).toFixed(2)} x Pillow`;
      console.log(
        `${name.padEnd(20)}${(count / seconds).toFixed(1).padStart(8)} charts/s${(inputs / seconds).toFixed(0).padStart(7)} inputs/s` +
          `${(peakKiB / 1024).toFixed(0).padStart(7)} MiB${ratio}`,
      );
    };
    const python = values.python ?? findEngine()?.python;
    const plan = join(folder, 'plan.json');
    await writePlan(groups, plan);
    let base: number | undefined;
    if (python === undefined) console.log('no Python with Pillow: only our own figures (--python names one)');
    else {
      const theirs = measured.parse(run(python, [here('tiles_pillow.py'), plan]));
      base = theirs.seconds;
      show('Pillow', theirs);
    }
    for (const pixels of ['fast', 'pillow'] as const) {
      show(`ours, ${pixels}`, measured.parse(run(process.execPath, [here('tiles-worker.ts'), file, pixels])), base);
    }
    if (python !== undefined) await comparePixels(groups.slice(0, 20), folder, python);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Charts of the archive as files, in lists of their groups, again and again until there are enough. */
async function unpack(folder: string): Promise<string[][]> {
  await using data = await openData(archive);
  const groups = new Map<string, string[]>();
  for (const entry of await data.list()) {
    const group = entry.path.split('/').slice(0, -1).join('-');
    const path = join(folder, `${groups.size}-${(groups.get(group) ?? []).length}-${group.replaceAll(/\W/g, '_')}`);
    writeFileSync(path, await entry.bytes());
    groups.set(group, [...(groups.get(group) ?? []), path]);
  }
  const lists: string[][] = [];
  let count = 0;
  while (count < wanted) {
    for (const group of groups.values()) {
      if (count >= wanted) break;
      lists.push(group.slice(0, wanted - count));
      count += lists.at(-1)?.length ?? 0;
    }
  }
  return lists;
}

async function writePlan(groups: readonly string[][], file: string): Promise<void> {
  const entries: unknown[] = [];
  for (const paths of groups) {
    const { plan } = await tileImages(
      paths.map((path) => fileImage(path)),
      { allocator: 'leopard' },
    );
    plan.images.forEach(({ tiles, canvas, scaled, padding }, i) =>
      entries.push({
        path: paths[i],
        thumbnail: true,
        tile: 364,
        grid:
          tiles === 0
            ? null
            : { canvas: [canvas.width, canvas.height], scaled: [scaled.width, scaled.height], ...padding },
      }),
    );
  }
  writeFileSync(file, JSON.stringify(entries));
}

/** How many inputs have exactly Pillow's pixels, and how far apart the others are. */
async function comparePixels(groups: readonly string[][], folder: string, python: string): Promise<void> {
  const plan = join(folder, 'few.json');
  const keep = join(folder, 'pixels');
  mkdirSync(keep);
  await writePlan(groups, plan);
  const reply = execFileSync(python, [here('tiles_pillow.py'), plan, '--keep', keep], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const { hashes, version } = z.object({ hashes: z.array(z.string()), version: z.string() }).parse(JSON.parse(reply));
  for (const pixels of ['pillow', 'fast'] as const) {
    let place = 0;
    let equal = 0;
    let sum = 0;
    let values = 0;
    let most = 0;
    for (const paths of groups) {
      const { tiles } = await tileImages(
        paths.map((path) => fileImage(path)),
        { allocator: 'leopard', pixels },
      );
      for (const { reference } of tiles) {
        const { data } = await decodeImage(reference);
        if (hash('sha256', data) === hashes[place]) equal++;
        const theirs = readFileSync(join(keep, `${place++}.rgb`));
        for (let i = 0; i < data.length; i++) {
          const difference = Math.abs((data[i] ?? 0) - (theirs[i] ?? 0));
          sum += difference;
          most = Math.max(most, difference);
        }
        values += data.length;
      }
    }
    console.log(
      `pixels "${pixels}" beside Pillow ${version}: ${equal} of ${place} inputs equal, mean difference ${(sum / values).toFixed(3)}, most ${most} of 255`,
    );
    if (pixels === 'pillow' && equal < place && Number.parseInt(version, 10) < 13) process.exitCode = 1;
  }
}
