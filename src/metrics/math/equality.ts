import { subtract, symbols, type Expr } from './expression.ts';
import { isExactlyZero } from './modular.ts';
import { approximate, type Approximation } from './numeric.ts';
import { simplifiesToZero } from './symbolic.ts';

/** What a verdict rests on. */
export type Basis = 'exact' | 'symbolic' | 'numeric' | 'undecided';

export interface Equality {
  readonly equal: boolean;
  readonly basis: Basis;
  /** Continues "the two are equal: …" or "they differ: …". */
  readonly reason: string;
}

/** Where symbols may lie: on the real line, or anywhere in the plane as those of SymPy do. */
export type Domain = 'real' | 'complex';

const rounds = 10;

/** Fixed points of size 0.2 to 2.7, of either sign, so that a grade never changes from one run to the next. */
function point(names: readonly string[], round: number, domain: Domain): Map<string, Approximation> {
  const at = new Map<string, Approximation>();
  for (const [i, name] of names.entries()) {
    const turn = (round + 1) * 0.6180339887498949 + (i + 1) * 0.7548776662466927;
    const length = 0.2 + 2.5 * (turn % 1);
    const sign = (round + i * (round >> 1)) % 2 === 0 ? 1 : -1;
    const angle = domain === 'complex' && round >= 4 ? (turn * 3) % 6 : 0;
    const [re, im] = angle === 0 ? [sign * length, 0] : [length * Math.cos(angle), length * Math.sin(angle)];
    at.set(name, { re, im, error: 0 });
  }
  return at;
}

/** How far two expressions agree at points: false at the first that tells them apart, else how many points said so. */
function probe(a: Expr, b: Expr, names: readonly string[], domain: Domain): false | number {
  let agreed = 0;
  for (let round = 0; round < (names.length === 0 ? 1 : rounds); round++) {
    const at = point(names, round, domain);
    const [x, y] = [approximate(a, at), approximate(b, at)];
    const [undefinedX, undefinedY] = [Number.isNaN(x.error), Number.isNaN(y.error)];
    if (undefinedX || undefinedY) continue;
    const difference = Math.hypot(x.re - y.re, x.im - y.im);
    const error = x.error + y.error;
    if (difference > 8 * error) return false;
    const length = Math.max(Math.hypot(x.re, x.im), Math.hypot(y.re, y.im));
    if ((error <= 1e-9 * length && error <= 1e-6) || (length === 0 && error === 0)) agreed++;
  }
  return agreed;
}

/**
 * Whether two expressions are equal, for all values of their symbols. In this order:
 *
 * 1. Numbers, symbols, square roots of numbers, i and pi: exactly, at random points modulo a prime of 61 bits. Decides both
 *    ways; two that differ pass with a chance below degree / 2^60. Functions count as symbols: that proves equality only.
 * 2. Everything else: compared in doubles with error bounds at ten fixed points. A difference beyond the bounds is a
 *    proof that they differ.
 * 3. What agrees is handed to the computer-algebra library, whose 0 is a proof.
 * 4. Where the library cannot tell: equal if they agree to at least 9 digits, and within 1e-6, at every informative point, two of them at least
 *    where there are symbols; else undecided, which counts as not equal.
 */
export function equalExpressions(a: Expr, b: Expr, domain: Domain = 'real'): Equality {
  const names = symbols(a, b);
  const difference = subtract(a, b);
  const exact = isExactlyZero(difference);
  if (exact !== undefined) {
    const reason = exact ? 'the difference is exactly 0' : 'the difference is not 0';
    return { equal: exact, basis: 'exact', reason };
  }
  const agreed = probe(a, b, names, domain);
  if (agreed === false) return { equal: false, basis: 'numeric', reason: 'their values differ' };
  if (simplifiesToZero(difference, names)) {
    return { equal: true, basis: 'symbolic', reason: 'the difference simplifies to 0' };
  }
  if (agreed >= (names.length === 0 ? 1 : 2)) {
    const where = names.length === 0 ? '' : ` at ${agreed} points`;
    return { equal: true, basis: 'numeric', reason: `their values agree to 9 digits or more${where}` };
  }
  return { equal: false, basis: 'undecided', reason: 'equality could not be shown' };
}
