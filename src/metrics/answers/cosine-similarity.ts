/**
 * Cosine of the angle between two vectors, in [-1, 1].
 * @returns null where one has no length.
 * @throws RangeError for vectors of different dimensions or values that are not finite.
 */
export function cosineSimilarity(first: ArrayLike<number>, second: ArrayLike<number>): number | null {
  if (first.length !== second.length) {
    throw new RangeError(`cosineSimilarity: ${first.length} dimensions beside ${second.length}`);
  }
  let product = 0;
  let squaresFirst = 0;
  let squaresSecond = 0;
  for (let i = 0; i < first.length; i++) {
    const x = first[i] as number;
    const y = second[i] as number;
    product += x * y;
    squaresFirst += x * x;
    squaresSecond += y * y;
  }
  const length = Math.sqrt(squaresFirst) * Math.sqrt(squaresSecond);
  if (!Number.isFinite(length)) throw new RangeError('cosineSimilarity: values must be finite');
  return length === 0 ? null : Math.max(-1, Math.min(1, product / length));
}
