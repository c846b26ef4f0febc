import { auroc } from '../statistics/auroc.ts';
import { requireFinite } from '../statistics/mean.ts';
import { normalQuantile } from '../statistics/normal.ts';
import { averageRanks } from '../statistics/ranks.ts';

export interface MembershipAuc {
  /** Chance that a random member has a greater score than a random non-member, ties half. 0.5 tells nothing. */
  readonly auc: number;
  readonly low: number;
  readonly high: number;
}

/** Variance of the placements of one side, over n − 1. */
function placementVariance(placements: Float64Array, center: number): number {
  if (placements.length < 2) return 0;
  let sum = 0;
  for (const value of placements) sum += (value - center) ** 2;
  return sum / (placements.length - 1);
}

/**
 * How well scores (matched cosines, say) tell training items from others, with an interval
 * (E. DeLong, D. DeLong and D. Clarke-Pearson, Biometrics 44, 1988; ranks as X. Sun and W. Xu, 2014), cut to [0, 1].
 * @returns null where one side is empty.
 * @throws RangeError for scores that are not finite.
 */
export function membershipAuc(
  members: ArrayLike<number>,
  others: ArrayLike<number>,
  { confidence = 0.95 } = {},
): MembershipAuc | null {
  const m = members.length;
  const n = others.length;
  const all = new Float64Array(m + n);
  all.set(members);
  all.set(others, m);
  const auc = auroc(
    all,
    Float64Array.from(all, (_, i) => (i < m ? 1 : 0)),
  );
  if (auc === null) return null;
  const ranks = averageRanks(all);
  const ownMembers = averageRanks(members);
  const ownOthers = averageRanks(others);
  const ofMembers = Float64Array.from({ length: m }, (_, i) => ((ranks[i] as number) - (ownMembers[i] as number)) / n);
  const ofOthers = Float64Array.from(
    { length: n },
    (_, i) => 1 - ((ranks[m + i] as number) - (ownOthers[i] as number)) / m,
  );
  const error = Math.sqrt(placementVariance(ofMembers, auc) / m + placementVariance(ofOthers, auc) / n);
  const z = normalQuantile((1 + confidence) / 2);
  return { auc, low: Math.max(0, auc - z * error), high: Math.min(1, auc + z * error) };
}

/** The two-sample Kolmogorov–Smirnov test. */
export interface KolmogorovSmirnov {
  /** Greatest distance of the two empirical distribution functions, from 0 to 1. */
  readonly distance: number;
  /** Two-sided, from the limiting distribution at √(nm / (n + m)) · distance: good from some dozens of values a side. */
  readonly pValue: number;
}

/**
 * Distance of two samples' distributions (A. Kolmogorov 1933, N. Smirnov 1939). Null where one is empty.
 * @throws RangeError for values that are not finite.
 */
export function kolmogorovSmirnov(first: ArrayLike<number>, second: ArrayLike<number>): KolmogorovSmirnov | null {
  requireFinite(first, 'kolmogorovSmirnov');
  requireFinite(second, 'kolmogorovSmirnov');
  const [n, m] = [first.length, second.length];
  if (n === 0 || m === 0) return null;
  const a = Float64Array.from(first).sort();
  const b = Float64Array.from(second).sort();
  let [i, j, distance] = [0, 0, 0];
  while (i < n && j < m) {
    const value = Math.min(a[i] as number, b[j] as number);
    while (i < n && a[i] === value) i++;
    while (j < m && b[j] === value) j++;
    distance = Math.max(distance, Math.abs(i / n - j / m));
  }
  return { distance, pValue: limitingTail(Math.sqrt((n * m) / (n + m)) * distance) };
}

/** P(K > x) of Kolmogorov's distribution: 2 Σ (−1)^(k−1) exp(−2 k² x²), or its dual series near 0. */
function limitingTail(x: number): number {
  if (x <= 0) return 1;
  let sum = 0;
  if (x < 1) {
    for (let k = 1; k <= 20; k++) sum += Math.exp(-(((2 * k - 1) * Math.PI) ** 2) / (8 * x * x));
    return Math.max(0, 1 - (Math.sqrt(2 * Math.PI) / x) * sum);
  }
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, 2 * sum);
}
