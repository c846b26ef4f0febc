import { seeded } from './texts.ts';

export interface UnlearningCase {
  readonly members: number[];
  readonly others: number[];
  readonly p: number[];
  readonly q: number[];
  readonly similarities: number[][];
  readonly right: number[][];
}

export function unlearningCases(count: number, seed: number): UnlearningCase[] {
  const random = seeded(seed);
  const integer = (bound: number): number => Math.floor(random() * bound);
  return Array.from({ length: count }, (_, index) => {
    const tied = index % 2 === 0;
    const value = (): number => (tied ? integer(8) / 8 : Math.round(random() * 1e6) / 1e6);
    const list = (n: number): number[] => Array.from({ length: n }, value);
    const size = 2 + integer(12);
    const share = (): number[] => {
      const weights = Array.from({ length: size }, () => (random() < 0.2 ? 0 : random()));
      weights[0] = 0.5;
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return weights.map((weight) => weight / sum);
    };
    const gallery = 12 + integer(20);
    const right = Array.from({ length: 8 }, () => [...new Set([integer(gallery), integer(gallery)])]);
    return {
      members: list(3 + integer(60)),
      others: list(3 + integer(60)),
      p: share(),
      q: share(),
      similarities: right.map(() => list(gallery)),
      right,
    };
  });
}

export const unlearningProgram = `
import json, sys
import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import roc_auc_score, top_k_accuracy_score

out = []
for c in json.load(sys.stdin):
    a, b = np.array(c['members']), np.array(c['others'])
    auc = roc_auc_score([1] * len(a) + [0] * len(b), np.concatenate([a, b]))
    # DeLong from its definition: psi over all pairs.
    psi = (a[:, None] > b[None, :]) + 0.5 * (a[:, None] == b[None, :])
    error = np.sqrt(psi.mean(1).var(ddof=1) / len(a) + psi.mean(0).var(ddof=1) / len(b))
    ks = stats.ks_2samp(a, b, method='asymp')
    scale = np.sqrt(len(a) * len(b) / (len(a) + len(b)))
    s = np.array(c['similarities'])
    ranks = [int(1 + (row > max(row[r])).sum()) for row, r in zip(s, c['right'])]
    out.append({
        'auc': float(auc), 'low': float(max(0, auc - stats.norm.ppf(0.975) * error)),
        'high': float(min(1, auc + stats.norm.ppf(0.975) * error)),
        'ks': float(ks.statistic), 'limit': float(stats.kstwobign.sf(scale * ks.statistic)),
        'tv': float(np.abs(np.array(c['p']) - np.array(c['q'])).sum() / 2),
        'js': float(jensenshannon(c['p'], c['q'], base=2)),
        'ranks': ranks, 'argmax': [int(v) for v in s.argmax(1)],
    })
print(json.dumps(out))
`;
