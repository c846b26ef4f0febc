/** Refuses values that no statistic can mean. */
export function requireFinite(values: ArrayLike<number>, name: string): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new RangeError(`${name}: value ${i} is ${String(values[i])}, not a finite number`);
  }
}

/** @throws RangeError where two lists that belong together differ in length. */
export function requireSameLength(first: ArrayLike<unknown>, second: ArrayLike<unknown>, name: string): void {
  if (first.length !== second.length) {
    throw new RangeError(`${name}: ${first.length} values beside ${second.length}; they must be of the same samples`);
  }
}

/** Sum with Neumaier's compensation, so that the order of samples does not show in the last digits. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** Arithmetic mean; NaN without values. */
export function mean(values: ArrayLike<number>): number {
  return sum(values) / values.length;
}

/** Unbiased sample variance (divisor n - 1); NaN below two values. */
export function variance(values: ArrayLike<number>): number {
  const center = mean(values);
  const squares = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) squares[i] = ((values[i] as number) - center) ** 2;
  return values.length < 2 ? Number.NaN : sum(squares) / (values.length - 1);
}

export function standardDeviation(values: ArrayLike<number>): number {
  return Math.sqrt(variance(values));
}

/**
 * Standard error of the mean. With `clusters` (one label a value) the errors within a cluster may be correlated:
 * sqrt(Σ over clusters of (Σ deviations)²) / n (E. Miller, Adding Error Bars to Evals, 2024, equation 4).
 * NaN below two values or two clusters.
 */
export function standardError(values: ArrayLike<number>, clusters?: ArrayLike<string | number>): number {
  if (clusters === undefined) return standardDeviation(values) / Math.sqrt(values.length);
  requireSameLength(values, clusters, 'standardError');
  const center = mean(values);
  const deviations = new Map<string | number, number>();
  for (let i = 0; i < values.length; i++) {
    const label = clusters[i] as string | number;
    deviations.set(label, (deviations.get(label) ?? 0) + (values[i] as number) - center);
  }
  if (deviations.size < 2) return Number.NaN;
  let squares = 0;
  for (const deviation of deviations.values()) squares += deviation * deviation;
  return Math.sqrt(squares) / values.length;
}
