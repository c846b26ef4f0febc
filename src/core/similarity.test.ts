import { expect, it } from 'vitest';
import { createRandom, greatest, groupRows, rowProduct, similarityBlock, unitRows } from './index.ts';

const random = createRandom('similarity');
const rows = (count: number, width: number): Float32Array =>
  Float32Array.from({ length: count * width }, () => random.next() - 0.5);

it('gives the same sums in blocks as one by one, to the last bit', () => {
  for (const [width, size] of [
    [1, 1],
    [7, 3],
    [16, 129],
    [33, 300],
  ] as const) {
    const queries = rows(20, width);
    const gallery = rows(size, width);
    for (const [from, to] of [
      [0, 20],
      [3, 12],
      [5, 6],
    ] as const) {
      const out = new Float64Array((to - from) * size);
      similarityBlock(queries, gallery, { width, from, to, out });
      for (let query = from; query < to; query++) {
        for (let item = 0; item < size; item++) {
          expect(out[(query - from) * size + item]).toBe(rowProduct(queries, query, gallery, item, width));
        }
      }
    }
  }
});

it('makes unit rows and group means', () => {
  expect([...unitRows(Float32Array.of(3, 4, 0, 0), 2)]).toEqual([0.6, 0.8, 0, 0].map(Math.fround));
  // The mean of two unit vectors at right angles, whatever their lengths were.
  const grouped = groupRows(Float32Array.of(10, 0, 0, 0.1, 0, 5), [2, 1], 2);
  for (const [i, value] of [Math.SQRT1_2, Math.SQRT1_2, 0, 1].entries()) expect(grouped[i]).toBeCloseTo(value, 6);
});

it('lists the greatest with all that tie with the last of them', () => {
  expect(greatest([1, 5, 3, 3, 2], 2)).toEqual([1, 2, 3]);
  expect(greatest([1, 2], 5)).toEqual([1, 0]);
  expect(greatest([], 3)).toEqual([]);
});
