import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hitAt, hitRate, reciprocalRank } from './hit-rate.ts';
import { dcg, ndcg } from './ndcg.ts';
import { microF1, setCounts, setScores } from './set-scores.ts';

test('DCG by hand: (2^3-1)/log2(2) + (2^1-1)/log2(4)', () => {
  expect(dcg([3, 0, 1])).toBe(7.5);
  expect(dcg([3, 0, 1], { gain: 'linear' })).toBe(3.5);
});

test('the ideal order scores 1, the worst less, nothing 0', () => {
  expect(ndcg([0, 1, 2, 3], [1, 0.1, 0.01, 0])).toBe(1);
  expect(ndcg([3, 2, 1, 0], [1, 0.1, 0.01, 0])).toBeLessThan(0.5);
  expect(ndcg([], [1, 0])).toBe(0);
});

test('repeats and positions outside the items give nothing', () => {
  expect(ndcg([0, 0, 9, -1, 0.5, 1], [1, 0.5])).toBe(1);
  expect(ndcg([1], [1, 0])).toBe(0);
});

test('without any relevance there is no value', () => {
  expect(ndcg([0, 1], [0, 0])).toBeNull();
  expect(ndcg([], [])).toBeNull();
});

test('only the first k ranks count', () => {
  expect(ndcg([1, 0], [1, 0], { k: 1 })).toBe(0);
  expect(() => ndcg([0], [1], { k: 0 })).toThrow(RangeError);
  expect(() => ndcg([0], [-1])).toThrow(RangeError);
});

test('NDCG is between 0 and 1 for any order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.array(fc.double({ min: 0, max: 5, noNaN: true })), (order, gains) => {
      const value = ndcg(order, gains);
      if (value === null) return;
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }),
  );
});

test('hit rate, hit and reciprocal rank', () => {
  expect(hitRate([4, 2, 9, 7], [2, 7, 9], 3)).toBe(2 / 3);
  expect(hitRate([2, 2, 2, 7], [2, 7], 3)).toBe(0.5);
  expect(hitRate([1], [], 3)).toBeNull();
  expect(hitAt(['a', 'b'], ['b'], 1)).toBe(0);
  expect(hitAt(['a', 'b'], ['b'], 2)).toBe(1);
  expect(reciprocalRank(['a', 'b'], ['b'])).toBe(0.5);
  expect(reciprocalRank(['a'], ['b'])).toBe(0);
  expect(() => hitRate([1], [1], 1.5)).toThrow('k 1.5');
});

test('set counts, and F1 of sums rather than the mean of F1s', () => {
  const counts = [setCounts(['a', 'b', 'a'], ['b', 'c']), setCounts([], ['d'])];
  expect(counts).toEqual([
    { tp: 1, fp: 1, fn: 1 },
    { tp: 0, fp: 0, fn: 1 },
  ]);
  expect(microF1(counts)).toEqual({ precision: 0.5, recall: 1 / 3, f1: 0.4 });
  expect(microF1([])).toEqual({ precision: 0, recall: 0, f1: 0 });
  expect(setScores([], []).f1).toBe(1);
  expect(setScores(['x'], []).f1).toBe(0);
});
