import { expect, it } from 'vitest';
import { meanPool } from './pooling.ts';

it('takes the mean over tokens and makes it one long', () => {
  const data = Float32Array.from([3, 0, 3, 8, 0, 1, 0, 3]);
  const [first, second] = meanPool({ data, texts: 2, tokens: 2, dimensions: 2 });
  expect([...(first ?? [])]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
  expect([...(second ?? [])]).toEqual([0, 1]);
});

it('gives zeros for zeros', () => {
  const [vector] = meanPool({ data: new Float32Array(4), texts: 1, tokens: 2, dimensions: 2 });
  expect([...(vector ?? [])]).toEqual([0, 0]);
});
