import { fairBinomialLowerTail, fairBinomialPmf } from './binomial.ts';
import { requireSameLength } from './mean.ts';

export interface McNemarResult {
  /** Samples that only the first has right. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided. 1 without discordant samples. */
  readonly pValue: number;
}

export interface McNemarOptions {
  /** Count the observed split half (less conservative; Fagerland, Lydersen and Laake 2013). Default false. */
  readonly midP?: boolean;
}

/**
 * McNemar's exact test of two paired proportions: under the null the discordant samples split like fair coins
 * (Q. McNemar, Psychometrika 12, 1947; two-sided binomial form).
 * @throws RangeError where a count is not an integer of at least 0.
 */
export function mcnemarExact(
  onlyFirst: number,
  onlySecond: number,
  { midP = false }: McNemarOptions = {},
): McNemarResult {
  for (const count of [onlyFirst, onlySecond]) {
    if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`mcnemarExact: ${count} is not a count`);
  }
  const n = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  const lower = fairBinomialLowerTail(fewer, n);
  const pValue = midP ? 2 * lower - fairBinomialPmf(fewer, n) : 2 * lower;
  return { onlyFirst, onlySecond, pValue: n === 0 ? 1 : Math.min(1, pValue) };
}

/** {@link mcnemarExact} of two lists over the same samples; any value but 0 and false counts as right. */
export function mcnemarPaired(
  first: ArrayLike<number | boolean>,
  second: ArrayLike<number | boolean>,
  options: McNemarOptions = {},
): McNemarResult {
  requireSameLength(first, second, 'mcnemarPaired');
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let i = 0; i < first.length; i++) {
    if (first[i] && !second[i]) onlyFirst++;
    else if (second[i] && !first[i]) onlySecond++;
  }
  return mcnemarExact(onlyFirst, onlySecond, options);
}
