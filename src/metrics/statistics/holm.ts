/**
 * p-values adjusted for having been looked at together, in the order given: the i-th smallest of m is multiplied by
 * m - i + 1, none below the one before it, none above 1 (S. Holm, Scandinavian Journal of Statistics 6, 1979).
 * @throws RangeError where a value is not in [0, 1].
 */
export function holm(pValues: readonly number[]): number[] {
  for (const p of pValues) if (!(p >= 0 && p <= 1)) throw new RangeError(`holm: ${p} is no p-value`);
  const order = pValues.map((_, index) => index).sort((a, b) => (pValues[a] as number) - (pValues[b] as number));
  const adjusted = pValues.map(() => 1);
  let least = 0;
  for (const [rank, index] of order.entries()) {
    least = Math.max(least, (pValues.length - rank) * (pValues[index] as number));
    adjusted[index] = Math.min(1, least);
  }
  return adjusted;
}
