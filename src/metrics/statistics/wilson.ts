import { normalQuantile } from './normal.ts';

/** Both ends belong to it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Interval of a proportion (E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22,
 * 1927). `successes` may be fractional (an effective sample). Without samples it is [0, 1].
 * @throws RangeError where successes are not between 0 and n.
 */
export function wilsonInterval(successes: number, n: number, { confidence = 0.95 } = {}): Interval {
  if (!(n >= 0 && successes >= 0 && successes <= n)) throw new RangeError(`wilsonInterval: ${successes} of ${n}`);
  if (n === 0) return { low: 0, high: 1 };
  const z = normalQuantile((1 + requireConfidence(confidence)) / 2);
  const share = successes / n;
  const denominator = 1 + (z * z) / n;
  const center = (share + (z * z) / (2 * n)) / denominator;
  const half = (z / denominator) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return {
    low: successes === 0 ? 0 : Math.max(0, center - half),
    high: successes === n ? 1 : Math.min(1, center + half),
  };
}

/** @throws RangeError where the level is not inside (0, 1). */
export function requireConfidence(confidence: number): number {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`confidence ${confidence} is not between 0 and 1`);
  return confidence;
}
