import { requireSameLength } from './mean.ts';

export interface KappaOptions {
  /** How much a disagreement counts by distance between categories. Default `none`: all alike. */
  readonly weights?: 'none' | 'linear' | 'quadratic';
  /** The categories in order; needed for weights over labels that are not numbers. Default: sorted as they occur. */
  readonly categories?: readonly (string | number)[];
}

function collect(first: ArrayLike<string | number>, second: ArrayLike<string | number>): (string | number)[] {
  const found = new Set([...Array.from(first), ...Array.from(second)]);
  return [...found].sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : 1));
}

/**
 * Cohen's kappa of two raters: 1 - observed over expected disagreement (J. Cohen, Educational and Psychological
 * Measurement 20, 1960; weighted: Psychological Bulletin 70, 1968). Distance is between positions of the categories.
 * @returns null where chance alone would give full agreement (one category only) or nothing was rated.
 * @throws RangeError for lists of different lengths or a label outside `categories`.
 */
export function cohenKappa(
  first: ArrayLike<string | number>,
  second: ArrayLike<string | number>,
  { weights = 'none', categories = collect(first, second) }: KappaOptions = {},
): number | null {
  requireSameLength(first, second, 'cohenKappa');
  const size = categories.length;
  const position = new Map(categories.map((category, i) => [category, i]));
  const index = (label: string | number): number => {
    const at = position.get(label);
    if (at === undefined) throw new RangeError(`cohenKappa: "${label}" is not among the categories`);
    return at;
  };
  const weight = (i: number, j: number): number =>
    weights === 'none' ? Number(i !== j) : weights === 'linear' ? Math.abs(i - j) : (i - j) ** 2;
  const firstCounts = new Float64Array(size);
  const secondCounts = new Float64Array(size);
  let observed = 0;
  for (let n = 0; n < first.length; n++) {
    const i = index(first[n] as string | number);
    const j = index(second[n] as string | number);
    firstCounts[i] = (firstCounts[i] as number) + 1;
    secondCounts[j] = (secondCounts[j] as number) + 1;
    observed += weight(i, j);
  }
  let expected = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      expected += ((firstCounts[i] as number) * (secondCounts[j] as number) * weight(i, j)) / first.length;
    }
  }
  return expected > 0 ? 1 - observed / expected : null;
}
