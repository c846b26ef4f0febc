import { requireFinite, requireSameLength } from '../statistics/mean.ts';

/** Share of places where two lists of predictions agree. Null for empty lists. */
export function agreement(first: ArrayLike<number | string>, second: ArrayLike<number | string>): number | null {
  if (first.length !== second.length) {
    throw new RangeError(`agreement: ${first.length} predictions beside ${second.length}`);
  }
  if (first.length === 0) return null;
  let same = 0;
  for (let i = 0; i < first.length; i++) if (first[i] === second[i]) same++;
  return same / first.length;
}

function requireDistribution(values: ArrayLike<number>, name: string): void {
  requireFinite(values, name);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < 0) throw new RangeError(`${name}: ${value} is no probability`);
    sum += value;
  }
  if (Math.abs(sum - 1) > 1e-6) throw new RangeError(`${name}: probabilities that sum to ${sum}`);
}

/** Half the sum of absolute differences of two probability lists, from 0 to 1. */
export function totalVariation(first: ArrayLike<number>, second: ArrayLike<number>): number {
  requireSameLength(first, second, 'totalVariation');
  requireDistribution(first, 'totalVariation');
  requireDistribution(second, 'totalVariation');
  let sum = 0;
  for (let i = 0; i < first.length; i++) sum += Math.abs((first[i] as number) - (second[i] as number));
  return sum / 2;
}

/** Jensen–Shannon distance: the root of the divergence in bits, from 0 to 1 (J. Lin 1991; D. Endres and J. Schindelin 2003). */
export function jensenShannonDistance(first: ArrayLike<number>, second: ArrayLike<number>): number {
  requireSameLength(first, second, 'jensenShannonDistance');
  requireDistribution(first, 'jensenShannonDistance');
  requireDistribution(second, 'jensenShannonDistance');
  let bits = 0;
  for (let i = 0; i < first.length; i++) {
    const [p, q] = [first[i] as number, second[i] as number];
    const middle = (p + q) / 2;
    if (p > 0) bits += (p * Math.log2(p / middle)) / 2;
    if (q > 0) bits += (q * Math.log2(q / middle)) / 2;
  }
  return Math.sqrt(Math.min(1, Math.max(0, bits)));
}

/** exp(value · scale) over their sum, without overflow. */
export function softmax(values: ArrayLike<number>, scale = 1): Float64Array {
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) most = Math.max(most, (values[i] as number) * scale);
  const shares = Float64Array.from({ length: values.length }, (_, i) => Math.exp((values[i] as number) * scale - most));
  const sum = shares.reduce((total, value) => total + value, 0);
  return shares.map((value) => value / sum);
}
