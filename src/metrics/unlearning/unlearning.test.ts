// Against scipy and scikit-learn over our own random data; made by tests/parity-metrics/make-vectors.ts.
import { expect, test } from 'vitest';
import vectors from '../__fixtures__/unlearning.json' with { type: 'json' };
import { firstGreatest, rankOfRight, recallAt, retrievalRanks } from '../retrieval/recall.ts';
import { agreement, jensenShannonDistance, softmax, totalVariation } from './distributions.ts';
import { kolmogorovSmirnov, membershipAuc } from './membership.ts';
import { nearAndFar, relearningSteps } from './relearning.ts';

test('membership AUC and its interval equal scikit-learn and the definition', () => {
  for (const { input, expected } of vectors) {
    const got = membershipAuc(input.members, input.others);
    expect(got?.auc).toBeCloseTo(expected.auc, 12);
    expect(got?.low).toBeCloseTo(expected.low, 12);
    expect(got?.high).toBeCloseTo(expected.high, 12);
  }
  expect(membershipAuc([], [1])).toBeNull();
  expect(() => membershipAuc([Number.NaN], [1])).toThrow(RangeError);
});

test('Kolmogorov–Smirnov distance and limiting tail equal scipy', () => {
  for (const { input, expected } of vectors) {
    const got = kolmogorovSmirnov(input.members, input.others);
    expect(got?.distance).toBeCloseTo(expected.ks, 12);
    expect(got?.pValue).toBeCloseTo(expected.limit, 9);
  }
  expect(kolmogorovSmirnov([1, 2], [1, 2])).toEqual({ distance: 0, pValue: 1 });
  expect(kolmogorovSmirnov([], [1])).toBeNull();
});

test('distances of distributions equal scipy', () => {
  for (const { input, expected } of vectors) {
    expect(totalVariation(input.p, input.q)).toBeCloseTo(expected.tv, 12);
    expect(jensenShannonDistance(input.p, input.q)).toBeCloseTo(expected.js, 9);
  }
  expect(() => totalVariation([0.5, 0.6], [1, 0])).toThrow(RangeError);
  expect([...softmax([1000, 1000])]).toEqual([0.5, 0.5]);
});

test('ranks count strictly better items; blocks of any size give the same', () => {
  for (const { input, expected } of vectors) {
    expect(input.similarities.map((row, i) => rankOfRight(row, input.right[i] ?? []))).toEqual(expected.ranks);
    expect(input.similarities.map((row) => firstGreatest(row))).toEqual(expected.argmax);
    const gallerySize = input.similarities[0]?.length ?? 0;
    for (const block of [1, 3, 100]) {
      const ranks = retrievalRanks({
        right: input.right,
        gallerySize,
        block,
        fill: (from, to, out) => input.similarities.slice(from, to).forEach((row, i) => out.set(row, i * gallerySize)),
      });
      expect([...ranks]).toEqual(expected.ranks);
    }
  }
  expect(rankOfRight([1, 1, 1, 0], [2])).toBe(1);
  expect(rankOfRight([3, 2, 2, 1], [3, 1])).toBe(2);
  expect(() => rankOfRight([1], [1])).toThrow(RangeError);
  expect(() => rankOfRight([1], [])).toThrow(RangeError);
  expect(recallAt([1, 5, 11], 5)).toBeCloseTo(2 / 3, 12);
  expect(recallAt([], 5)).toBeNull();
});

test('agreement, relearning and neighbours', () => {
  expect(agreement(['a', 'b'], ['a', 'c'])).toBe(0.5);
  const curve = [
    { step: 0, accuracy: 0.1 },
    { step: 10, accuracy: 0.5 },
    { step: 20, accuracy: 0.4 },
  ];
  expect(relearningSteps(curve, 0.45)).toBe(10);
  expect(relearningSteps(curve, 0.6)).toBeNull();
  expect(() => relearningSteps([...curve, { step: 20, accuracy: 1 }], 1)).toThrow(RangeError);
  const superclasses = new Map([
    ['apple', 'fruit'],
    ['pear', 'fruit'],
    ['car', 'vehicle'],
  ]);
  const { near, far } = nearAndFar(['apple', 'pear', 'car', 'odd'], new Set(['apple']), superclasses);
  expect([[...near], [...far]]).toEqual([['pear'], ['car']]);
  expect(nearAndFar(['apple', 'pear'], new Set(['apple']), new Map()).far.size).toBe(0);
});
