import { parts, type Expr } from './expression.ts';
import { rationalValue, squareRoot } from './square-root.ts';

/** A Mersenne prime: two polynomials that differ agree at a random point with a chance of about degree / 2^61. */
const prime = (1n << 61n) - 1n;
/** A larger power is nothing that anyone wrote down as an answer, and would weaken the proof. */
const maxExponent = 1n << 20n;
/** Different square roots multiply: 64 products of them are plenty. */
const maxTerms = 64;

const positive = (value: bigint): bigint => ((value % prime) + prime) % prime;

function modularPower(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
}

const modularInverse = (value: bigint): bigint => modularPower(value, prime - 2n);

/**
 * A sum of coefficient · √d over squarefree integers d (1 for the rational part, -1 for i): roots of different squarefree
 * integers are linearly independent, so the sum is 0 only where all coefficients are.
 */
type Surd = ReadonlyMap<bigint, bigint>;

/** Why an expression has no value here: it is none of this kind, or the point is a pole. */
type Failure = 'foreign' | 'pole';

const constant = (value: bigint): Surd => new Map(value === 0n ? [] : [[1n, value]]);

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function sum(a: Surd, b: Surd): Surd {
  const result = new Map(a);
  for (const [d, value] of b) {
    const total = ((result.get(d) ?? 0n) + value) % prime;
    if (total === 0n) result.delete(d);
    else result.set(d, total);
  }
  return result;
}

function product(a: Surd, b: Surd): Surd | Failure {
  const result = new Map<bigint, bigint>();
  for (const [d, x] of a) {
    for (const [e, y] of b) {
      const g = gcd(d, e);
      // √d √e = g √(de/g²), with i·i = -1 where both are negative.
      const both = d < 0n && e < 0n;
      const radicand = both ? (d / g) * (e / g) : (d * e) / (g * g);
      const term = positive(x * y * (both ? -g : g));
      const total = ((result.get(radicand) ?? 0n) + term) % prime;
      if (total === 0n) result.delete(radicand);
      else result.set(radicand, total);
    }
  }
  return result.size > maxTerms ? 'foreign' : result;
}

/** 1/a: multiplied with conjugates until no root is left. */
function inverse(a: Surd): Surd | Failure {
  let [top, bottom]: [Surd, Surd] = [constant(1n), a];
  for (let round = 0; round < 8; round++) {
    if (bottom.size === 0) return 'pole';
    const root = [...bottom.keys()].find((d) => d !== 1n);
    if (root === undefined) {
      const factor = modularInverse(bottom.get(1n) as bigint);
      return new Map([...top].map(([d, value]) => [d, (value * factor) % prime]));
    }
    const factor = root < 0n ? -1n : smallestFactor(root);
    const flips = (d: bigint): boolean => (factor === -1n ? d < 0n : d % factor === 0n);
    const conjugate = new Map([...bottom].map(([d, value]) => [d, flips(d) ? prime - value : value]));
    const [x, y] = [product(top, conjugate), product(bottom, conjugate)];
    if (typeof x === 'string') return x;
    if (typeof y === 'string') return y;
    [top, bottom] = [x, y];
  }
  return 'foreign';
}

function smallestFactor(value: bigint): bigint {
  for (let p = 2n; p * p <= value && p < 10_000n; p++) if (value % p === 0n) return p;
  return value;
}

/** Values of symbols, and of what is taken for one: constants, functions and roots that are told apart by their text. */
class Point {
  private state: bigint;
  private readonly values = new Map<string, bigint>();
  /** Whether anything but symbols was taken for one: then a difference proves nothing. */
  opaque = false;

  constructor(round: number) {
    this.state = 0x9e3779b97f4a7c15n + BigInt(round) * 0xbf58476d1ce4e5b9n;
  }

  value(name: string): Surd {
    let value = this.values.get(name);
    if (value === undefined) {
      this.state = BigInt.asUintN(64, this.state * 6364136223846793005n + 1442695040888963407n);
      value = positive((this.state ^ (this.state >> 29n)) * 0x94d049bb133111ebn);
      this.values.set(name, value);
    }
    return constant(value);
  }
}

/** A function or a root as a symbol of its own, told apart by the values of its parts: sin(2x) and sin(x+x) are one. */
function opaque(expr: Expr, at: Point): Surd | Failure {
  at.opaque = true;
  const values: string[] = [];
  for (const part of parts(expr)) {
    const value = surdValue(part, at);
    if (typeof value === 'string') return value;
    values.push(
      [...value]
        .map(([d, x]) => `${d}:${x}`)
        .sort()
        .join('+'),
    );
  }
  return at.value(`${'name' in expr ? expr.name : expr.kind}(${values.join(',')})`);
}

function powerValue(expr: Extract<Expr, { kind: 'power' }>, at: Point): Surd | Failure {
  const exponent = rationalValue(expr.exponent);
  if (exponent === undefined) return opaque(expr, at);
  let { n, d } = exponent;
  const common = gcd(n, d);
  if (common > 1n) [n, d] = [n / common, d / common];
  let base: Surd | Failure;
  if (d === 1n) base = surdValue(expr.base, at);
  else {
    const radicand = d === 2n ? rationalValue(expr.base) : undefined;
    const root = radicand === undefined ? undefined : squareRoot(radicand);
    if (root === undefined) return opaque(expr, at);
    const factor = positive(root.factor.n * modularInverse(positive(root.factor.d)));
    base = factor === 0n ? constant(0n) : new Map([[root.radicand, factor]]);
  }
  if (typeof base === 'string') return base;
  if (n > maxExponent || n < -maxExponent) return 'foreign';
  const start = n < 0n ? inverse(base) : base;
  if (typeof start === 'string') return start;
  let [result, square]: [Surd, Surd] = [constant(1n), start];
  for (let rest = n < 0n ? -n : n; rest > 0n; rest >>= 1n) {
    if (rest & 1n) {
      const next = product(result, square);
      if (typeof next === 'string') return next;
      result = next;
    }
    if (rest > 1n) {
      const next = product(square, square);
      if (typeof next === 'string') return next;
      square = next;
    }
  }
  return result;
}

function surdValue(expr: Expr, at: Point): Surd | Failure {
  switch (expr.kind) {
    case 'number': {
      const denominator = positive(expr.value.d);
      return denominator === 0n ? 'pole' : constant((positive(expr.value.n) * modularInverse(denominator)) % prime);
    }
    case 'symbol':
      return at.value(`$${expr.name}`);
    case 'constant':
      if (expr.name === 'i') return new Map([[-1n, 1n]]);
      if (expr.name === 'infinity') return 'foreign';
      // Pi is transcendental, and so is e; whether the two are independent is not known.
      if (expr.name === 'e') at.opaque = true;
      return at.value(expr.name);
    case 'add':
    case 'multiply': {
      let total: Surd = constant(expr.kind === 'add' ? 0n : 1n);
      for (const item of expr.items) {
        const value = surdValue(item, at);
        if (typeof value === 'string') return value;
        const next = expr.kind === 'add' ? sum(total, value) : product(total, value);
        if (typeof next === 'string') return next;
        total = next;
      }
      return total;
    }
    case 'power':
      return powerValue(expr, at);
    default:
      return opaque(expr, at);
  }
}

/**
 * Whether an expression of numbers, symbols, square roots of numbers, i and pi is zero, by its value at random points
 * modulo a prime of 61 bits. Functions and other roots are taken for symbols of their own: with them, true is still a proof,
 * but nothing is said where the value is not 0. Undefined where it cannot be told.
 */
export function isExactlyZero(expr: Expr): boolean | undefined {
  let informative = 0;
  for (let round = 0; round < 6 && informative < 2; round++) {
    const at = new Point(round);
    const value = surdValue(expr, at);
    if (value === 'foreign') return undefined;
    if (value === 'pole') continue;
    if (value.size > 0) return at.opaque ? undefined : false;
    informative++;
  }
  return informative > 0 ? true : undefined;
}
