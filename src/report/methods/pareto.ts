interface Point {
  readonly accuracy: number | null;
  readonly tokensPerQuestion: number | null;
}

/** For each point, whether no other is as accurate with fewer tokens or more accurate with as many. */
export function paretoFront(points: readonly Point[]): boolean[] {
  return points.map(({ accuracy, tokensPerQuestion: tokens }) => {
    if (accuracy === null || tokens === null) return false;
    return !points.some(
      (other) =>
        other.accuracy !== null &&
        other.tokensPerQuestion !== null &&
        other.accuracy >= accuracy &&
        other.tokensPerQuestion <= tokens &&
        (other.accuracy > accuracy || other.tokensPerQuestion < tokens),
    );
  });
}
