// One way of tiling, in a process of its own, so that its peak memory is its own: started by tiles.ts.
//   node bench/tiles-worker.ts PLAN.json pillow|fast
import { readFileSync } from 'node:fs';
import { fileImage } from '../src/data/index.ts';
import { tileImages } from '../src/tiling/index.ts';

const [file = '', pixels = 'fast'] = process.argv.slice(2);
const groups = JSON.parse(readFileSync(file, 'utf8')) as string[][];
const begin = performance.now();
let inputs = 0;
for (const paths of groups) {
  const { tiles } = await tileImages(
    paths.map((path) => fileImage(path)),
    { allocator: 'leopard', pixels: pixels === 'pillow' ? 'pillow' : 'fast' },
  );
  for (const { reference } of tiles) {
    await reference.load();
    inputs++;
  }
}
const seconds = (performance.now() - begin) / 1000;
console.log(JSON.stringify({ seconds, inputs, peakKiB: process.resourceUsage().maxRSS }));
