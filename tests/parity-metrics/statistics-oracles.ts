import { picker, seeded } from './texts.ts';

export interface StatisticsCase {
  /** Two raters or systems over the same samples: continuous, tied, and categorical. */
  readonly x: number[];
  readonly y: number[];
  readonly first: number[];
  readonly second: number[];
  readonly labels: number[];
  readonly ratings: (number | null)[][];
  readonly right: [number, number];
  readonly pValues: number[];
  readonly probability: number;
  readonly z: number;
  readonly share: [number, number];
  readonly clusters: number[];
  readonly few: [number[], number[]];
}

export function statisticsCases(count: number, seed: number): StatisticsCase[] {
  const random = seeded(seed);
  const pick = picker(random);
  const integer = (bound: number): number => Math.floor(random() * bound);
  return Array.from({ length: count }, (_, index) => {
    const n = 4 + integer(30);
    const tied = random() < 0.6;
    const value = (): number => (tied ? integer(6) : Math.round(random() * 1e6) / 1e6);
    const list = <T>(make: () => T, length = n): T[] => Array.from({ length }, make);
    const trials = 1 + integer(pick([10, 100, 100_000]));
    const few = 2 + integer(9);
    const ratings = list(() => list<number | null>(() => (random() < 0.2 ? null : 1 + integer(5))), 2 + integer(4));
    return {
      x: list(value),
      y: list(value),
      first: list(() => integer(4)),
      second: list(() => integer(4)),
      labels: list(() => integer(2)).map((label, i) => (i < 2 ? i : label)),
      ratings,
      right: index < 5 ? [index, 0] : [integer(pick([6, 60, 3000])), integer(pick([6, 60, 3000]))],
      pValues: list(() => (random() < 0.1 ? 0.02 : random() ** 3), 1 + integer(8)),
      probability: pick([random(), 10 ** (-300 * random()), 1 - 10 ** (-15 * random())]),
      z: (random() - 0.5) * pick([6, 20, 60]),
      share: [integer(trials + 1), trials],
      clusters: list(() => integer(Math.ceil(n / 2))).map((label, i) => (i < 2 ? i : label)),
      few: [list(() => integer(10) / 2, few), list(() => integer(10) / 2, few)],
    };
  });
}

export const statisticsProgram = `
import json, sys, warnings
import numpy as np
from scipy import stats
from scipy.optimize import brentq
from sklearn.metrics import cohen_kappa_score, roc_auc_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
import statsmodels.api as sm
import krippendorff
warnings.simplefilter('ignore')

def number(v):
    v = float(v)
    return v if np.isfinite(v) else None

def alpha(ratings, level):
    try:
        return number(krippendorff.alpha(reliability_data=ratings, level_of_measurement=level))
    except ValueError:
        return None

def detectable(n, psi):
    za, zb = stats.norm.ppf(0.975), stats.norm.ppf(0.8)
    f = lambda d: n * d * d - (za * np.sqrt(psi) + zb * np.sqrt(max(0, psi - d * d))) ** 2
    return number(brentq(f, 1e-9, psi, xtol=1e-15)) if psi > 0 and f(psi) >= 0 else None

out = []
for c in json.load(sys.stdin):
    x, y, a, b = (np.array(c[k]) for k in ('x', 'y', 'first', 'second'))
    labels = np.array(c['labels'])
    ratings = np.array([[np.nan if v is None else v for v in row] for row in c['ratings']], dtype=float)
    b10, b01 = c['right']
    wins, trials = c['share']
    low, high = proportion_confint(wins, trials, alpha=0.05, method='wilson')
    p, q = (np.array(v) for v in c['few'])
    clustered = sm.OLS(x, np.ones(len(x))).fit(cov_type='cluster', cov_kwds={'groups': np.array(c['clusters']), 'use_correction': False})
    out.append({
        'pearson': number(stats.pearsonr(x, y)[0]),
        'spearman': number(stats.spearmanr(x, y)[0]),
        'kendall': number(stats.kendalltau(x, y)[0]),
        'auroc': number(roc_auc_score(labels, x)),
        'kappa': [number(cohen_kappa_score(a, b, weights=w)) for w in (None, 'linear', 'quadratic')],
        'alpha': [alpha(ratings, level) for level in ('nominal', 'ordinal', 'interval', 'ratio')],
        'mcnemar': float(mcnemar([[0, b10], [b01, 0]], exact=True).pvalue) if b10 + b01 else 1.0,
        'midP': min(1.0, float(2 * stats.binom.cdf(min(b10, b01), b10 + b01, 0.5) - stats.binom.pmf(min(b10, b01), b10 + b01, 0.5))) if b10 + b01 else 1.0,
        'holm': [float(v) for v in multipletests(c['pValues'], method='holm')[1]],
        'quantile': number(stats.norm.ppf(c['probability'])),
        'cdf': float(stats.norm.cdf(c['z'])),
        'wilson': [float(low), float(high)],
        'standardError': number(stats.sem(x)),
        'clusteredError': number(clustered.bse[0]),
        'permutation': float(stats.permutation_test((q, p), lambda u, v, axis: np.mean(u - v, axis=axis), permutation_type='samples', n_resamples=np.inf, vectorized=True).pvalue),
        'detectable': detectable(trials, wins / trials),
    })
json.dump(out, sys.stdout)
`;

export interface BootstrapCase {
  readonly values: number[];
}

export function bootstrapCases(count: number, seed: number): BootstrapCase[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => ({
    values: Array.from({ length: 12 + 8 * i }, () => Math.round(-Math.log(1 - random()) * 1000) / 1000),
  }));
}

/** BCa and percentile intervals of the mean from very many resamples, so that the seed hardly matters. */
export const bootstrapProgram = `
import json, sys
import numpy as np
from scipy import stats
out = []
for c in json.load(sys.stdin):
    row = []
    for method in ('BCa', 'percentile'):
        ci = stats.bootstrap((np.array(c['values']),), np.mean, n_resamples=200000, batch=10000, method=method, rng=np.random.default_rng(7)).confidence_interval
        row.append([float(ci.low), float(ci.high)])
    out.append(row)
json.dump(out, sys.stdout)
`;
