// Makes src/data/images/__fixtures__ anew from pictures that a seeded generator draws, Pillow and transformers:
//   FETTLE_BENCH_PYTHON=/path/to/python node tests/parity-images/make-vectors.ts
// The interpreter needs pillow 12 (13 sometimes resizes rows first), numpy and transformers.
import { writeFileSync } from 'node:fs';
import { drawPicture } from '../../src/data/images/testing/draw-picture.ts';
import { askPython } from '../parity-metrics/python.ts';
import { decodeProgram, resizeProgram, squareProgram } from './programs.ts';

type Case = { readonly seed: string; readonly width: number; readonly height: number };

function write(name: string, rows: readonly unknown[]): void {
  const file = new URL(`../../src/data/images/__fixtures__/${name}.json`, import.meta.url);
  writeFileSync(file, `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
}

const drawn = ({ seed, width, height }: Case): string =>
  Buffer.from(drawPicture(seed, width, height).data).toString('base64');

function answered<C extends Case>(cases: readonly C[], program: string): unknown[] {
  const answers = askPython<object[]>(
    program,
    cases.map((entry) => ({ ...entry, pixels: drawn(entry) })),
  );
  return cases.map((entry, i) => ({ ...entry, ...answers[i] }));
}

const sizes = [
  [32, 32, 64, 64],
  [64, 64, 32, 32],
  [500, 375, 64, 48],
  [375, 500, 224, 299],
  [33, 47, 32, 32],
  [100, 20, 100, 7],
  [20, 100, 7, 100],
  [17, 13, 17, 13],
  [1, 1, 5, 3],
  [3, 2, 1, 1],
  [257, 3, 2, 9],
  [2, 300, 200, 1],
  [640, 480, 33, 31],
] as const;
const resizing = sizes.flatMap(([width, height, toWidth, toHeight]) =>
  ['a', 'b', 'c', 'd'].map((name) => ({ seed: `resize ${name} ${width} ${height}`, width, height, toWidth, toHeight })),
);
write('resize', answered(resizing, resizeProgram));

const squares = [
  [32, 32, 64],
  [500, 375, 64],
  [375, 500, 64],
  [333, 501, 224],
  [31, 97, 32],
  [97, 31, 33],
  [64, 64, 64],
  [65, 64, 64],
  [3, 200, 16],
] as const;
const squaring = squares.flatMap(([width, height, size]) =>
  ['a', 'b', 'c'].map((name) => ({ seed: `square ${name} ${width} ${height}`, width, height, size, crop: size })),
);
// Larger crops than the picture, for the padding.
for (const [width, height, size, crop] of [
  [10, 10, 8, 13],
  [9, 20, 7, 10],
  [21, 9, 7, 12],
] as const) {
  squaring.push({ seed: `pad ${width} ${height}`, width, height, size, crop } as never);
}
write('square', answered(squaring, squareProgram));
write('decode', answered([{ seed: 'decode', width: 24, height: 17 }], decodeProgram));
