// Against scipy, statsmodels, scikit-learn and krippendorff over our own random data.
import { expect, test } from 'vitest';
import bootstrapVectors from '../__fixtures__/bootstrap.json' with { type: 'json' };
import vectors from '../__fixtures__/statistics.json' with { type: 'json' };
import { auroc } from './auroc.ts';
import { bootstrapStatistic } from './bootstrap.ts';
import { kendallTauB, pearson, spearman } from './correlation.ts';
import { detectableProportionDifference } from './detectable-difference.ts';
import { holm } from './holm.ts';
import { cohenKappa } from './kappa.ts';
import { krippendorffAlpha } from './krippendorff.ts';
import { mcnemarExact } from './mcnemar.ts';
import { standardError } from './mean.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { pairedPermutationTest } from './paired-difference.ts';
import { wilsonInterval } from './wilson.ts';

type Vector = (typeof vectors)[number];

function near(got: number | null, expected: number | null, what: string, tolerance = 1e-12): void {
  if (expected === null || got === null) expect(got, what).toBe(expected);
  else
    expect(Math.abs(got - expected), `${what}: ${got} for ${expected}`).toBeLessThanOrEqual(
      tolerance * Math.max(Math.abs(expected), 1),
    );
}

function each(check: (input: Vector['input'], expected: Vector['expected'], what: string) => void): void {
  for (const [i, { input, expected }] of vectors.entries()) check(input, expected, `vector ${i}`);
}

test('Pearson, Spearman and Kendall equal scipy', () => {
  each((input, expected, what) => {
    near(pearson(input.x, input.y), expected.pearson, what);
    near(spearman(input.x, input.y), expected.spearman, what);
    near(kendallTauB(input.x, input.y), expected.kendall, what);
  });
});

test('AUROC equals scikit-learn', () => {
  each((input, expected, what) => near(auroc(input.x, input.labels), expected.auroc, what));
});

test("Cohen's kappa equals scikit-learn, weighted too", () => {
  each((input, expected, what) => {
    const got = (['none', 'linear', 'quadratic'] as const).map((weights) =>
      cohenKappa(input.first, input.second, { weights }),
    );
    got.forEach((kappa, i) => near(kappa, expected.kappa[i] as number | null, `${what} weights ${i}`));
  });
});

test("Krippendorff's alpha equals the krippendorff package at every level", () => {
  each((input, expected, what) => {
    const levels = ['nominal', 'ordinal', 'interval', 'ratio'] as const;
    levels.forEach((level, i) =>
      near(krippendorffAlpha(input.ratings, { level }), expected.alpha[i] as number | null, `${what} ${level}`),
    );
  });
});

test('McNemar equals statsmodels, mid-p the binomial formula', () => {
  each((input, expected, what) => {
    const [onlyFirst, onlySecond] = input.right as [number, number];
    const got = mcnemarExact(onlyFirst, onlySecond).pValue;
    near(got, expected.mcnemar, what);
    // Relative too: small p-values count.
    if (expected.mcnemar > 0) expect(got / expected.mcnemar, what).toBeCloseTo(1, 9);
    near(mcnemarExact(onlyFirst, onlySecond, { midP: true }).pValue, expected.midP, what);
  });
});

test('Holm equals statsmodels', () => {
  each((input, expected, what) => {
    holm(input.pValues).forEach((p, i) => near(p, expected.holm[i] as number, what));
  });
});

test('normal quantile and distribution equal scipy to 14 digits, in the far tails too', () => {
  each((input, expected, what) => {
    near(normalQuantile(input.probability), expected.quantile, what, 2e-14);
    const cdf = normalCdf(input.z);
    near(cdf, expected.cdf, what, 1e-15);
    if (expected.cdf > 1e-300) expect(cdf / expected.cdf, `${what} z ${input.z}`).toBeCloseTo(1, 12);
  });
});

test('Wilson equals statsmodels', () => {
  each((input, expected, what) => {
    const [successes, n] = input.share as [number, number];
    const { low, high } = wilsonInterval(successes, n);
    near(low, expected.wilson[0] as number, what);
    near(high, expected.wilson[1] as number, what);
  });
});

test('standard errors equal scipy and, clustered, statsmodels OLS', () => {
  each((input, expected, what) => {
    near(standardError(input.x), expected.standardError, what);
    near(standardError(input.x, input.clusters), expected.clusteredError, what);
  });
});

test('the exact permutation test equals scipy', () => {
  each((input, expected, what) => {
    const [first, second] = input.few as [number[], number[]];
    const got = pairedPermutationTest(first, second);
    expect(got.exact).toBe(true);
    near(got.pValue, expected.permutation, what);
  });
});

test('the detectable difference solves its equation', () => {
  each((input, expected, what) => {
    const [discordant, n] = input.share as [number, number];
    near(detectableProportionDifference(n, discordant / n), expected.detectable, what);
  });
});

test('bootstrap intervals come near scipy with 200,000 resamples', () => {
  for (const { input, expected } of bootstrapVectors) {
    const { values } = input;
    (['bca', 'percentile'] as const).forEach((method, i) => {
      const [low, high] = expected[i] as [number, number];
      const got = bootstrapStatistic([values], ([sum]) => (sum as number) / values.length, {
        method,
        resamples: 40_000,
      });
      const width = high - low;
      expect(Math.abs((got.low as number) - low), method).toBeLessThan(0.02 * width);
      expect(Math.abs((got.high as number) - high), method).toBeLessThan(0.02 * width);
    });
  }
});
