import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { auroc } from './auroc.ts';
import { kendallTauB, pearson, spearman } from './correlation.ts';
import { detectableMeanDifference, detectableProportionDifference } from './detectable-difference.ts';
import { createGenerator } from './generator.ts';
import { holm } from './holm.ts';
import { cohenKappa } from './kappa.ts';
import { krippendorffAlpha } from './krippendorff.ts';
import { mcnemarExact, mcnemarPaired } from './mcnemar.ts';
import { mean, standardError, sum } from './mean.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { averageRanks } from './ranks.ts';
import { wilsonInterval } from './wilson.ts';

test('sums do not depend on the order of large and small', () => {
  expect(sum([1e100, 1, -1e100])).toBe(1);
  expect(sum(Array.from({ length: 10 }, () => 0.1))).toBe(1);
  expect(mean([])).toBeNaN();
  expect(standardError([1])).toBeNaN();
  expect(standardError([1, 2], ['a', 'a'])).toBeNaN();
});

test('quantile and distribution undo each other', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
      expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 13);
    }),
  );
  expect(normalQuantile(0)).toBe(-Infinity);
  expect(normalCdf(-50)).toBe(0);
  expect(normalCdf(Infinity)).toBe(1);
  expect(() => normalQuantile(1.1)).toThrow(RangeError);
});

test('Wilson holds the share, keeps within [0, 1] and is symmetric', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), fc.nat(2000), (n, raw) => {
      const k = raw % (n + 1);
      const { low, high } = wilsonInterval(k, n);
      expect(low).toBeLessThanOrEqual(k / n);
      expect(high).toBeGreaterThanOrEqual(k / n);
      const mirrored = wilsonInterval(n - k, n);
      expect(mirrored.low).toBeCloseTo(1 - high, 12);
    }),
  );
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  expect(() => wilsonInterval(3, 2)).toThrow('3 of 2');
});

test('McNemar by hand: 1 of 6 discordant is 2 · (1 + 6) / 64', () => {
  expect(mcnemarExact(1, 5).pValue).toBeCloseTo(14 / 64, 14);
  expect(mcnemarExact(1, 5, { midP: true }).pValue).toBeCloseTo(14 / 64 - 6 / 64, 14);
  expect(mcnemarExact(0, 0).pValue).toBe(1);
  expect(mcnemarExact(3, 3).pValue).toBe(1);
  expect(mcnemarPaired([1, 1, 0, true], [0, 1, 1, false])).toMatchObject({ onlyFirst: 2, onlySecond: 1 });
  expect(() => mcnemarExact(0.5, 1)).toThrow('0.5 is not a count');
});

test('Holm keeps the order and never lowers a p-value', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (pValues) => {
      const adjusted = holm(pValues);
      pValues.forEach((p, i) => {
        expect(adjusted[i]).toBeGreaterThanOrEqual(p);
        pValues.forEach((q, j) => {
          if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] as number);
        });
      });
    }),
  );
});

test('four of five times the detectable difference is detected', () => {
  const n = 400;
  const discordance = 0.2;
  const difference = detectableProportionDifference(n, discordance) as number;
  const generator = createGenerator(11);
  let seen = 0;
  for (let trial = 0; trial < 600; trial++) {
    let first = 0;
    let second = 0;
    for (let i = 0; i < n; i++) {
      const u = generator.word() / 4294967296;
      if (u < (discordance + difference) / 2) second++;
      else if (u < discordance) first++;
    }
    if (mcnemarExact(first, second, { midP: true }).pValue <= 0.05) seen++;
  }
  expect(seen / 600).toBeGreaterThan(0.74);
  expect(seen / 600).toBeLessThan(0.86);
  expect(detectableProportionDifference(3, 0.5)).toBeNull();
  expect(detectableProportionDifference(100, 0)).toBeNull();
  expect(detectableMeanDifference(0.01)).toBeCloseTo(0.0280158, 6);
  expect(() => detectableMeanDifference(0.01, { power: 1 })).toThrow(RangeError);
});

test('correlations of monotone, constant and lone values', () => {
  expect(spearman([1, 2, 3], [1, 10, 100])).toBeCloseTo(1, 14);
  expect(kendallTauB([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 14);
  for (const measure of [pearson, spearman, kendallTauB]) {
    expect(measure([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(measure([1], [1])).toBeNull();
    expect(() => measure([1], [1, 2])).toThrow(RangeError);
    expect(() => measure([1, Infinity], [1, 2])).toThrow('value 1 is Infinity');
  }
});

test('Kendall in n log n is the count over pairs', () => {
  const list = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(list, (pairs) => {
      let score = 0;
      let first = 0;
      let second = 0;
      pairs.forEach(([a, b], i) => {
        for (const [c, d] of pairs.slice(i + 1)) {
          score += Math.sign(a - c) * Math.sign(b - d);
          first += Number(a !== c);
          second += Number(b !== d);
        }
      });
      const got = kendallTauB(
        pairs.map(([a]) => a),
        pairs.map(([, b]) => b),
      );
      if (first === 0 || second === 0) expect(got).toBeNull();
      else expect(got).toBeCloseTo(score / Math.sqrt(first * second), 12);
    }),
  );
});

test('average ranks share ties', () => {
  expect([...averageRanks([10, 20, 10, 5])]).toEqual([2.5, 4, 2.5, 1]);
});

test('AUROC: all ties are chance, one class is nothing', () => {
  expect(auroc([1, 1, 1, 1], [1, 0, 1, 0])).toBe(0.5);
  expect(auroc([3, 2, 1], [true, true, false])).toBe(1);
  expect(auroc([1, 2], [1, 1])).toBeNull();
});

test('agreement: full, none to measure, labels in words', () => {
  expect(cohenKappa(['yes', 'no', 'yes'], ['yes', 'no', 'yes'])).toBe(1);
  expect(cohenKappa(['a'], ['a'])).toBeNull();
  expect(cohenKappa([], [])).toBeNull();
  const options = { weights: 'linear', categories: ['low', 'medium', 'high'] } as const;
  expect(cohenKappa(['low', 'high'], ['medium', 'high'], options)).toBe(0.5);
  expect(() => cohenKappa(['x'], ['low'], options)).toThrow('"x"');
  expect(
    krippendorffAlpha([
      ['a', 'b', null],
      ['a', 'b', 'c'],
    ]),
  ).toBe(1);
  expect(krippendorffAlpha([])).toBeNull();
  expect(
    krippendorffAlpha([
      ['a', 'a'],
      ['a', 'a'],
    ]),
  ).toBeNull();
  expect(() =>
    krippendorffAlpha(
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
      { level: 'ordinal' },
    ),
  ).toThrow(TypeError);
  expect(() => krippendorffAlpha([[1, 2], [1]])).toThrow(RangeError);
});
