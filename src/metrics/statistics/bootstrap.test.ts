import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bootstrapStatistic } from './bootstrap.ts';
import { clusterSums } from './cluster-sums.ts';
import { drawBinomial } from './draw-binomial.ts';
import { createGenerator } from './generator.ts';
import { mean, standardError, variance } from './mean.ts';
import { meanInterval } from './mean-interval.ts';
import { pairedDifference, pairedPermutationTest } from './paired-difference.ts';
import { resample } from './resample.ts';
import { stratifiedInterval } from './stratified.ts';

/** Our own uniform numbers, by seed. */
function uniforms(n: number, seed: number): number[] {
  const generator = createGenerator(seed);
  return Array.from({ length: n }, () => generator.word() / 4294967296);
}

test('words are uniform over 64 bins and differ by seed', () => {
  const counts = new Uint32Array(64);
  for (const u of uniforms(64_000, 5)) counts[Math.floor(u * 64)]!++;
  const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(110); // 63 degrees of freedom: P < 0.0003
  const first = [1, 2, '1', 'a', 'b', 'ab', 'ba', 1.5, -1].map((seed) => createGenerator(seed).word());
  expect(new Set(first).size).toBe(8); // 1 and '1' are one seed
});

test.each([
  [5, 0.3],
  [100, 0.02],
  [100, 0.4],
  [1000, 0.85],
  [100_000, 0.00256],
])('binomial draws of %d trials with p %d have the right distribution', (n, p) => {
  const generator = createGenerator(3);
  const draws = Array.from({ length: 20_000 }, () => drawBinomial(generator, n, p));
  const deviation = Math.sqrt(n * p * (1 - p));
  expect(Math.abs(mean(draws) - n * p)).toBeLessThan((4 * deviation) / Math.sqrt(20_000));
  expect(Math.abs(variance(draws) / deviation ** 2 - 1)).toBeLessThan(0.05);
  expect(draws.every((draw) => Number.isInteger(draw) && draw >= 0 && draw <= n)).toBe(true);
});

test.each([3, 255, 256, 257, 700])(
  'resamples of %d samples have the mean and variance of draws with replacement',
  (n) => {
    const values = uniforms(n, n);
    const data = clusterSums([values, values.map(() => 1)], undefined, 'test');
    let counted = true;
    const replicates = resample(
      data,
      ([sum, count]) => {
        counted &&= count === n;
        return (sum as number) / n;
      },
      20_000,
      9,
    );
    expect(counted).toBe(true);
    const expected = (variance(values) * (n - 1)) / n / n;
    expect(Math.abs(mean(replicates) - mean(values))).toBeLessThan(4 * Math.sqrt(expected / 20_000));
    expect(Math.abs(variance(replicates) / expected - 1)).toBeLessThan(0.05);
  },
);

test('every sample is drawn equally often, in the last and partial block too', () => {
  const n = 600;
  const columns = Array.from({ length: 3 }, (_, k) =>
    Array.from({ length: n }, (_, i) => Number(i === [0, 300, 599][k])),
  );
  const totals = [0, 0, 0];
  resample(
    clusterSums(columns, undefined, 'test'),
    (sums) => {
      sums.forEach((sum, k) => (totals[k] = (totals[k] as number) + sum));
      return 0;
    },
    20_000,
    4,
  );
  for (const total of totals) expect(Math.abs(total - 20_000)).toBeLessThan(4 * Math.sqrt(20_000));
});

test('the same seed gives the same interval, another seed another', () => {
  const values = uniforms(50, 1);
  const run = (seed: number | string): unknown => meanInterval(values, { seed });
  expect(run(3)).toEqual(run(3));
  expect(run(3)).not.toEqual(run(4));
});

test('about 95 of 100 intervals hold the truth, clustered too', () => {
  let plain = 0;
  let clustered = 0;
  let blind = 0;
  for (let trial = 0; trial < 300; trial++) {
    const draws = uniforms(400, trial + 1);
    const { low, high } = meanInterval(draws.slice(0, 60), { resamples: 500 });
    if ((low as number) <= 0.5 && 0.5 <= (high as number)) plain++;
    // 40 clusters of 5 alike samples: what ignores them is far too sure.
    const values = Array.from(
      { length: 200 },
      (_, i) => (draws[Math.floor(i / 5)] as number) + 0.01 * (draws[i + 200] as number),
    );
    const clusters = values.map((_, i) => Math.floor(i / 5));
    const truth = 0.505;
    const honest = meanInterval(values, { clusters, resamples: 500 });
    if ((honest.low as number) <= truth && truth <= (honest.high as number)) clustered++;
    const naive = meanInterval(values, { resamples: 500 });
    if ((naive.low as number) <= truth && truth <= (naive.high as number)) blind++;
  }
  expect(plain).toBeGreaterThan(272); // 95 % less three standard errors is 273.7
  expect(clustered).toBeGreaterThan(270);
  expect(blind).toBeLessThan(230);
});

test('micro-F1 from summed counts gets an interval around its value', () => {
  const tp = uniforms(80, 1).map((u) => Math.floor(u * 4));
  const fp = uniforms(80, 2).map((u) => Math.floor(u * 3));
  const fn = uniforms(80, 3).map((u) => Math.floor(u * 3));
  const f1 = ([t, p, n]: Float64Array): number =>
    (2 * (t as number)) / (2 * (t as number) + (p as number) + (n as number));
  const got = bootstrapStatistic([tp, fp, fn], f1);
  expect(got.low).toBeLessThan(got.value);
  expect(got.high).toBeGreaterThan(got.value);
  expect(got.clusters).toBe(80);
});

test('a cluster counts once: doubling each sample within its cluster changes nothing', () => {
  const values = uniforms(40, 8);
  const doubled = [...values, ...values];
  const clusters = [...values.keys(), ...values.keys()];
  const once = meanInterval(values);
  const twice = meanInterval(doubled, { clusters });
  expect(twice.method).toBe('cluster-bootstrap');
  expect(twice.clusters).toBe(40);
  expect(twice.low).toBeCloseTo(once.low as number, 12);
  expect(twice.high).toBeCloseTo(once.high as number, 12);
});

test('the method follows the values', () => {
  expect(meanInterval([1, 0, 1, 1]).method).toBe('wilson');
  expect(meanInterval([1, 0, 1, 1], { clusters: ['a', 'b', 'c', 'd'] }).method).toBe('wilson');
  expect(meanInterval([1, 0, 1, 1], { clusters: ['a', 'a', 'b', 'c'] }).method).toBe('cluster-bootstrap');
  expect(meanInterval([1, 0.5, 0]).method).toBe('bootstrap');
  expect(meanInterval([1, 0, 1], { binary: false }).method).toBe('bootstrap');
  expect(() => meanInterval([0.5], { binary: true })).toThrow('0 or 1');
});

test('nothing is claimed where nothing is known', () => {
  expect(meanInterval([])).toMatchObject({ mean: null, low: null, high: null, n: 0 });
  expect(meanInterval([0.5])).toMatchObject({ mean: 0.5, low: null, high: null });
  expect(meanInterval([1, 0], { clusters: ['a', 'a'] })).toMatchObject({ mean: 0.5, low: null, clusters: 1 });
});

test('clustered samples that are all right do not give certainty', () => {
  const got = meanInterval([1, 1, 1, 1, 1, 1], { clusters: ['a', 'a', 'b', 'b', 'c', 'c'] });
  expect(got).toEqual({ ...meanInterval([1, 1, 1]), n: 6 });
  expect(got.low).toBeLessThan(0.5);
});

test('an interval holds its mean and stays within the values', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(values, (list) => {
      const { mean: center, low, high } = meanInterval(list, { resamples: 200, method: 'percentile' });
      const slack = 1e-6;
      expect(low).toBeLessThanOrEqual((high as number) + slack);
      expect(low).toBeGreaterThanOrEqual(Math.min(...list) - slack);
      expect(high).toBeLessThanOrEqual(Math.max(...list) + slack);
      expect(center).toBeGreaterThanOrEqual(Math.min(...list) - slack);
    }),
  );
});

test('strata: the error of the mean of means is the root of the summed squares over their number', () => {
  const strata = [10, 40, 200].map((n, i) => ({ values: uniforms(n, i + 20) }));
  const got = stratifiedInterval(strata, { resamples: 20_000 });
  const means = strata.map(({ values }) => mean(values));
  expect(got.value).toBeCloseTo(mean(means), 12);
  const squares = strata.map(({ values }) => standardError(values) ** 2 * ((values.length - 1) / values.length));
  expect(got.standardError).toBeCloseTo(Math.sqrt(squares.reduce((a, b) => a + b, 0)) / 3, 3);
  expect(stratifiedInterval(strata, { weights: [1, 0, 0] }).value).toBeCloseTo(means[0] as number, 12);
});

test('strata of figures other than means, with gaps said aloud', () => {
  const f1 = {
    columns: [
      [1, 2],
      [0, 1],
      [1, 0],
    ],
    statistic: ([t, p, n]: Float64Array) => (2 * t!) / (2 * t! + p! + n!),
  };
  expect(stratifiedInterval([f1, { values: [1, 0, 1] }]).value).toBeCloseTo((0.75 + 2 / 3) / 2, 12);
  expect(stratifiedInterval([{ values: [1] }, { values: [1, 0] }])).toMatchObject({ value: 0.75, low: null });
  expect(stratifiedInterval([{ values: [] }])).toMatchObject({ value: null });
  expect(stratifiedInterval([])).toMatchObject({ value: null, strata: 0 });
  expect(() => stratifiedInterval([f1], { weights: [] })).toThrow('one weight');
});

test('a paired difference is sharper than two single intervals, and keeps its sign', () => {
  const hard = uniforms(100, 30);
  const better = hard.map((value, i) => value + 0.05 + 0.02 * (uniforms(100, 31)[i] as number));
  const got = pairedDifference(hard, better);
  expect(got.low).toBeGreaterThan(0.05);
  expect(got.high).toBeLessThan(0.07);
  expect(pairedPermutationTest(hard, better).pValue).toBeCloseTo(1 / 10_001, 12);
  expect(pairedPermutationTest(hard, hard).pValue).toBe(1);
});

test('the random permutation test agrees with the exact one', () => {
  const first = uniforms(14, 40).map((u) => Math.round(u * 10));
  const second = uniforms(14, 41).map((u) => Math.round(u * 10) + 1);
  // One sample more than the exact form takes, with next to no difference.
  const exact = pairedPermutationTest(first.slice(0, 12), second.slice(0, 12)).pValue;
  const pad = (list: number[], by: number): number[] => [...list.slice(0, 12), by, by, by, by];
  const random = pairedPermutationTest(pad(first, 0), pad(second, 1e-7), { resamples: 100_000 });
  expect(random.exact).toBe(false);
  expect(Math.abs(random.pValue - exact)).toBeLessThan(0.02);
});

test('callers who mix up lists are told which', () => {
  expect(() => meanInterval([1, 2], { clusters: ['a'] })).toThrow('2 values beside 1');
  expect(() => meanInterval([1, Number.NaN])).toThrow('value 1 is NaN');
  expect(() => meanInterval([0.5, 0.6], { resamples: 10 })).toThrow('resamples 10');
  expect(() => meanInterval([0.5, 0.6], { confidence: 95 })).toThrow('confidence 95');
  expect(() => pairedDifference([1], [1, 2])).toThrow(RangeError);
});
