import { mean, requireFinite, standardError } from './mean.ts';
import { requireConfidence } from './wilson.ts';

/**
 * P(|T| <= √df · tan θ) of Student's t with whole degrees of freedom, by its finite series.
 * M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 1964, 26.7.3 and 26.7.4.
 */
function centralShare(theta: number, df: number): number {
  const [sine, cosine] = [Math.sin(theta), Math.cos(theta)];
  const odd = df % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = df === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= df - 2; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum;
}

/**
 * The quantile of Student's t distribution: t with P(T <= t) = `probability`. About 10 digits between 0.0001 and 0.9999.
 * @throws RangeError where the probability is outside (0, 1) or `df` is no whole number from 1.
 */
export function studentQuantile(probability: number, df: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`studentQuantile: ${probability} is no probability`);
  if (!Number.isInteger(df) || df < 1) throw new RangeError(`studentQuantile: ${df} degrees of freedom`);
  const target = Math.abs(2 * probability - 1);
  let [low, high] = [0, Math.PI / 2];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (centralShare(middle, df) < target) low = middle;
    else high = middle;
  }
  return Math.sign(probability - 0.5) * Math.sqrt(df) * Math.tan((low + high) / 2);
}

/**
 * Student's interval of the mean of independent values that are about normal, such as one figure a seed:
 * mean ± t(n − 1) · standard error. Null below two values, where nothing can be said.
 * Values that are all alike give an interval without width: judge whether that is certainty or too few seeds.
 * @throws RangeError where a value is not finite.
 */
export function studentInterval(
  values: ArrayLike<number>,
  { confidence = 0.95 } = {},
): { readonly low: number; readonly high: number } | null {
  requireFinite(values, 'studentInterval');
  const level = requireConfidence(confidence);
  if (values.length < 2) return null;
  const center = mean(values);
  const half = studentQuantile((1 + level) / 2, values.length - 1) * standardError(values);
  return { low: center - half, high: center + half };
}
