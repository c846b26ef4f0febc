/** One evaluation while a model is trained on what it forgot. */
export interface RelearningPoint {
  readonly step: number;
  /** From 0 to 1. */
  readonly accuracy: number;
}

/**
 * Steps until the accuracy first reaches `target`, as evaluated: 0 where the curve starts there, null where it never does.
 * @throws RangeError where steps do not rise.
 */
export function relearningSteps(curve: readonly RelearningPoint[], target: number): number | null {
  let last = -Infinity;
  let found: number | null = null;
  for (const { step, accuracy } of curve) {
    if (!(step > last)) throw new RangeError(`relearningSteps: step ${step} after step ${last}`);
    last = step;
    if (found === null && accuracy >= target) found = step;
  }
  return found;
}

/**
 * Retained classes that share a superclass with a forgotten one, and the others.
 * Both are empty where nothing is known of the forgotten classes' superclasses.
 */
export function nearAndFar(
  classes: readonly string[],
  forgotten: ReadonlySet<string>,
  superclasses: ReadonlyMap<string, string>,
): { readonly near: ReadonlySet<string>; readonly far: ReadonlySet<string> } {
  const above = new Set([...forgotten].flatMap((name) => superclasses.get(name) ?? []));
  const near = new Set<string>();
  const far = new Set<string>();
  for (const name of above.size === 0 ? [] : classes) {
    if (forgotten.has(name)) continue;
    const own = superclasses.get(name);
    if (own !== undefined) (above.has(own) ? near : far).add(name);
  }
  return { near, far };
}
