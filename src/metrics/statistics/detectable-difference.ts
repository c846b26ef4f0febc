import { normalQuantile } from './normal.ts';

export interface PowerOptions {
  /** Two-sided. Default 0.05. */
  readonly alpha?: number;
  /** Chance to see the difference. Default 0.8. */
  readonly power?: number;
}

function quantiles({ alpha = 0.05, power = 0.8 }: PowerOptions): { level: number; reach: number } {
  if (!(alpha > 0 && alpha < 1 && power > alpha / 2 && power < 1)) {
    throw new RangeError(`detectable difference: alpha ${alpha} and power ${power} must be in (0, 1)`);
  }
  return { level: normalQuantile(1 - alpha / 2), reach: normalQuantile(power) };
}

/**
 * The smallest true difference of two paired means that the samples would show: (z(1 - α/2) + z(power)) · SE.
 * @param standardError of the mean difference; {@link standardError} with clusters where samples share them, or
 *   sd / √n.
 * @throws RangeError for a negative error or a level outside (0, 1).
 */
export function detectableMeanDifference(standardError: number, options: PowerOptions = {}): number {
  if (!(standardError >= 0)) throw new RangeError(`detectableMeanDifference: standard error ${standardError}`);
  const { level, reach } = quantiles(options);
  return (level + reach) * standardError;
}

/**
 * The smallest true difference of two paired proportions that McNemar's test on `n` samples would show, where a share
 * `discordance` of them is right in one and wrong in the other: the d that solves
 * n d² = (z(1 - α/2) √ψ + z(power) √(ψ - d²))² (R. Connor, Biometrics 43, 1987, equation 3).
 * @returns null where not even d = ψ (all discordant samples on one side) would be seen.
 * @throws RangeError for a negative n or a share outside [0, 1].
 */
export function detectableProportionDifference(
  n: number,
  discordance: number,
  options: PowerOptions = {},
): number | null {
  if (!(n >= 0 && discordance >= 0 && discordance <= 1)) {
    throw new RangeError(`detectableProportionDifference: n ${n}, discordance ${discordance}`);
  }
  const { level, reach } = quantiles(options);
  const seen = (d: number): boolean =>
    d * Math.sqrt(n) >= level * Math.sqrt(discordance) + reach * Math.sqrt(Math.max(0, discordance - d * d));
  if (discordance === 0 || !seen(discordance)) return null;
  let low = 0;
  let high = discordance;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (seen(middle)) high = middle;
    else low = middle;
  }
  return high;
}
