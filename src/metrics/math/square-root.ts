import type { Expr, Rational } from './expression.ts';

/** Numbers longer than this are left alone. */
const maxBits = 256;
const largestDivisor = 10_000n;

const isSmall = ({ n, d }: Rational): boolean => n.toString(2).length <= maxBits && d.toString(2).length <= maxBits;

/** The rational number that an expression is, undefined where it is none or gets too long. */
export function rationalValue(expr: Expr): Rational | undefined {
  switch (expr.kind) {
    case 'number':
      return isSmall(expr.value) ? expr.value : undefined;
    case 'add':
    case 'multiply': {
      let total: Rational = expr.kind === 'add' ? { n: 0n, d: 1n } : { n: 1n, d: 1n };
      for (const item of expr.items) {
        const value = rationalValue(item);
        if (value === undefined) return undefined;
        const n: bigint = expr.kind === 'add' ? total.n * value.d + value.n * total.d : total.n * value.n;
        total = { n, d: total.d * value.d };
        if (!isSmall(total)) return undefined;
      }
      return total;
    }
    case 'power': {
      const [base, exponent] = [rationalValue(expr.base), rationalValue(expr.exponent)];
      if (base === undefined || exponent === undefined || exponent.n % exponent.d !== 0n) return undefined;
      const count = exponent.n / exponent.d;
      const size = count < 0n ? -count : count;
      if (size > 64n || (base.n === 0n && count < 0n)) return undefined;
      const [n, d] = [base.n ** size, base.d ** size];
      const value = count >= 0n ? { n, d } : n < 0n ? { n: -d, d: -n } : { n: d, d: n };
      return isSmall(value) ? value : undefined;
    }
    default:
      return undefined;
  }
}

function integerRoot(value: bigint): bigint {
  let root = BigInt(Math.floor(Math.sqrt(Number(value))));
  while (root * root > value) root--;
  while ((root + 1n) * (root + 1n) <= value) root++;
  return root;
}

/** A square root as `factor * sqrt(radicand)`, the radicand a squarefree integer, negative below zero. */
export interface SquareRoot {
  readonly factor: Rational;
  readonly radicand: bigint;
}

/** The square root of a rational number, undefined where its radicand has no factor that can be found at once. */
export function squareRoot({ n, d }: Rational): SquareRoot | undefined {
  if (n === 0n) return { factor: { n: 0n, d: 1n }, radicand: 1n };
  let rest = (n < 0n ? -n : n) * d;
  if (rest.toString(2).length > 2 * maxBits) return undefined;
  let [outside, inside] = [1n, n < 0n ? -1n : 1n];
  for (let p = 2n; p <= largestDivisor && p * p <= rest; p++) {
    while (rest % (p * p) === 0n) {
      outside *= p;
      rest /= p * p;
    }
    if (rest % p === 0n) {
      inside *= p;
      rest /= p;
    }
  }
  if (rest > largestDivisor * largestDivisor) {
    // Beyond the divisors tried: told only where it is a square of a number that has none of them either.
    if (rest > 1n << 100n) return undefined;
    const root = integerRoot(rest);
    if (root * root !== rest) return undefined;
    outside *= root;
  } else inside *= rest;
  return { factor: { n: outside, d }, radicand: inside };
}
