import { bootstrapStatistic, type BootstrapOptions } from './bootstrap.ts';
import { requireSameLength } from './mean.ts';

export interface RaterAgreement {
  /** Cohen's kappa, null where chance alone would give full agreement or nothing was rated. */
  readonly kappa: number | null;
  /** Interval of kappa; null where kappa is, below two clusters, and where no resample differs. */
  readonly low: number | null;
  readonly high: number | null;
  /** Share of items on which both say the same, null without items. */
  readonly agreement: number | null;
  readonly n: number;
}

/** Kappa from the four sums of a two by two table: both, first alone, second alone, neither. */
function kappaOf(sums: ArrayLike<number>): number {
  const [both = 0, first = 0, second = 0, neither = 0] = Array.from(sums);
  const n = both + first + second + neither;
  const expected = ((both + first) * (first + neither) + (second + neither) * (both + second)) / n;
  return expected > 0 ? 1 - (first + second) / expected : NaN;
}

/**
 * Agreement of two raters that say yes (1) or no (0): Cohen's kappa (Educational and Psychological Measurement 20, 1960)
 * with a bootstrap interval that draws whole clusters.
 * @throws RangeError for lists of different lengths and values other than 0 and 1.
 */
export function raterAgreement(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: BootstrapOptions = {},
): RaterAgreement {
  requireSameLength(first, second, 'raterAgreement');
  const n = first.length;
  if (n === 0) return { kappa: null, low: null, high: null, agreement: null, n };
  const cells = [0, 1, 2, 3].map(() => new Float64Array(n));
  let same = 0;
  for (let i = 0; i < n; i++) {
    const [a, b] = [first[i] as number, second[i] as number];
    if ((a !== 0 && a !== 1) || (b !== 0 && b !== 1)) throw new RangeError('raterAgreement: a rating is 0 or 1');
    (cells[2 * (1 - a) + (1 - b)] as Float64Array)[i] = 1;
    if (a === b) same += 1;
  }
  const { value, low, high } = bootstrapStatistic(cells, kappaOf, options);
  const hasKappa = !Number.isNaN(value);
  // All resamples alike says that these items are alike, not that others would be.
  const hasInterval = hasKappa && low !== null && high !== null && low < high;
  return {
    kappa: hasKappa ? value : null,
    low: hasInterval ? low : null,
    high: hasInterval ? high : null,
    agreement: same / n,
    n,
  };
}
