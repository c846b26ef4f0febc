import type { Expr } from './expression.ts';

/** A Mersenne prime: two rational functions that differ agree at a random point with a chance of about degree / 2^61. */
const prime = (1n << 61n) - 1n;

function modularPower(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
}

const positive = (value: bigint): bigint => ((value % prime) + prime) % prime;

/** The integer that an exponent is, undefined for all others. */
function integerExponent(expr: Expr): bigint | undefined {
  if (expr.kind === 'number') return expr.value.n % expr.value.d === 0n ? expr.value.n / expr.value.d : undefined;
  if (expr.kind !== 'multiply') return undefined;
  let product = 1n;
  for (const item of expr.items) {
    const value = integerExponent(item);
    if (value === undefined) return undefined;
    product *= value;
  }
  return product;
}

/** A power beyond it is no polynomial that anyone wrote down as an answer, and would weaken the proof. */
const maxExponent = 1n << 20n;

/**
 * The value of a rational function modulo the prime, with the symbols at given values; undefined where it is no rational
 * function, null where the point is a pole.
 */
export function modularValue(expr: Expr, at: ReadonlyMap<string, bigint>): bigint | null | undefined {
  switch (expr.kind) {
    case 'number': {
      const denominator = positive(expr.value.d);
      if (denominator === 0n) return null;
      return (positive(expr.value.n) * modularPower(denominator, prime - 2n)) % prime;
    }
    case 'symbol':
      return at.get(expr.name);
    case 'add':
    case 'multiply': {
      let total = expr.kind === 'add' ? 0n : 1n;
      for (const item of expr.items) {
        const value = modularValue(item, at);
        if (value === undefined || value === null) return value;
        total = (expr.kind === 'add' ? total + value : total * value) % prime;
      }
      return total;
    }
    case 'power': {
      const exponent = integerExponent(expr.exponent);
      if (exponent === undefined || exponent > maxExponent || exponent < -maxExponent) return undefined;
      const base = modularValue(expr.base, at);
      if (base === undefined || base === null) return base;
      if (exponent >= 0n) return modularPower(base, exponent);
      return base === 0n ? null : modularPower(modularPower(base, prime - 2n), -exponent);
    }
    default:
      return undefined;
  }
}

/** Fixed points, so that a grade never changes from one run to the next. */
function point(names: readonly string[], round: number): Map<string, bigint> {
  const at = new Map<string, bigint>();
  let state = 0x9e3779b97f4a7c15n + BigInt(round) * 0xbf58476d1ce4e5b9n;
  for (const name of names) {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    at.set(name, positive((state ^ (state >> 29n)) * 0x94d049bb133111ebn));
  }
  return at;
}

/** Whether an expression is zero as a rational function; undefined where it is none, or every point tried is a pole. */
export function isZeroRationalFunction(expr: Expr, names: readonly string[]): boolean | undefined {
  let informative = 0;
  for (let round = 0; round < 6 && informative < 2; round++) {
    const value = modularValue(expr, point(names, round));
    if (value === undefined) return undefined;
    if (value === null) continue;
    if (value !== 0n) return false;
    informative++;
  }
  return informative > 0 ? true : undefined;
}
