import type { Expr, FunctionName } from './expression.ts';

/** A complex double with a bound on its error. NaN stands for what cannot be told. */
export interface Approximation {
  readonly re: number;
  readonly im: number;
  readonly error: number;
}

const epsilon = 2 ** -52;
const unknown: Approximation = { re: NaN, im: NaN, error: NaN };
const modulus = (x: Approximation): number => Math.hypot(x.re, x.im);

function rounded(re: number, im: number, error: number): Approximation {
  const total = error + 4 * epsilon * Math.hypot(re, im);
  return Number.isFinite(re) && Number.isFinite(im) && Number.isFinite(total) ? { re, im, error: total } : unknown;
}

const real = (value: number): Approximation => rounded(value, 0, 0);

function times(a: Approximation, b: Approximation): Approximation {
  const error = modulus(a) * b.error + modulus(b) * a.error + a.error * b.error;
  return rounded(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re, error);
}

function inverse(a: Approximation): Approximation {
  const square = a.re * a.re + a.im * a.im;
  if (!(square > 4 * a.error * a.error)) return unknown;
  return rounded(a.re / square, -a.im / square, (2 * a.error) / square);
}

function exponential(a: Approximation): Approximation {
  const scale = Math.exp(a.re);
  // The angle is reduced by the host exactly, but its own error is magnified.
  if (Math.abs(a.im) > 1e6) return unknown;
  return rounded(scale * Math.cos(a.im), scale * Math.sin(a.im), scale * 2 * (a.error + epsilon * Math.abs(a.im)));
}

function logarithm(a: Approximation): Approximation {
  const length = modulus(a);
  if (!(length > 2 * a.error)) return unknown;
  // Across the cut the value jumps: what lies on it within its error cannot be told, exact reals can.
  const angle = a.im === 0 ? (a.re < 0 ? Math.PI : 0) : Math.atan2(a.im, a.re);
  if (a.re < 0 && a.im !== 0 && Math.abs(a.im) <= 2 * a.error) return unknown;
  return rounded(Math.log(length), angle, (2 * a.error) / length);
}

function integerPower(a: Approximation, n: number): Approximation {
  let result = real(1);
  let square = a;
  for (let rest = Math.abs(n); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = times(result, square);
    square = times(square, square);
  }
  return n < 0 ? inverse(result) : result;
}

function raise(base: Approximation, exponent: Approximation): Approximation {
  const n = exponent.re;
  if (exponent.im === 0 && Number.isInteger(n) && Math.abs(n) <= 1024) return integerPower(base, n);
  if (base.re === 0 && base.im === 0) return n > 0 ? { ...real(0), error: base.error } : unknown;
  if (exponent.im === 0 && n === 0.5 && base.im === 0) {
    const root = Math.sqrt(Math.abs(base.re));
    const error = base.error === 0 ? 0 : base.error / Math.max(root, Math.sqrt(base.error));
    return base.re >= 0 ? rounded(root, 0, error) : rounded(0, root, error);
  }
  const value = exponential(times(exponent, logarithm(base)));
  // Real powers of positive numbers are real; the detour must not leave a trace of an imaginary part.
  return base.im === 0 && base.re > 0 && exponent.im === 0 ? { ...value, im: 0 } : value;
}

/** A real function through the host's own, with the slope that magnifies the error of its argument. */
function viaReal(a: Approximation, f: (x: number) => number, slope: (x: number) => number): Approximation {
  return a.im === 0 ? rounded(f(a.re), 0, Math.abs(slope(a.re)) * 2 * a.error) : unknown;
}

function step(a: Approximation, f: (x: number) => number): Approximation {
  if (a.im !== 0 || Math.abs(a.re) > 2 ** 50) return unknown;
  // Next to a step, the side is told only where the value is an integer within its error.
  const near = Math.round(a.re);
  if (Math.abs(a.re - near) <= 4 * a.error) return real(near);
  return real(f(a.re));
}

function factorial(a: Approximation): Approximation {
  if (a.im !== 0 || !Number.isInteger(a.re) || a.re < 0 || a.re > 170) return unknown;
  let product = 1;
  for (let i = 2; i <= a.re; i++) product *= i;
  return rounded(product, 0, product * a.re * epsilon);
}

function apply(name: FunctionName, items: readonly Approximation[]): Approximation {
  const [a = unknown, b = unknown] = items;
  const trigonometric = (f: (x: number) => number, slope: (x: number) => number): Approximation =>
    Math.abs(a.re) > 1e6 ? unknown : viaReal(a, f, slope);
  switch (name) {
    case 'sin':
      return trigonometric(Math.sin, () => 1);
    case 'cos':
      return trigonometric(Math.cos, () => 1);
    case 'tan':
      return times(apply('sin', items), inverse(apply('cos', items)));
    case 'cot':
      return times(apply('cos', items), inverse(apply('sin', items)));
    case 'sec':
      return inverse(apply('cos', items));
    case 'csc':
      return inverse(apply('sin', items));
    case 'arcsin':
      return viaReal(a, Math.asin, (x) => 1 / Math.sqrt(Math.max(1 - x * x, epsilon)));
    case 'arccos':
      return viaReal(a, Math.acos, (x) => 1 / Math.sqrt(Math.max(1 - x * x, epsilon)));
    case 'arctan':
      return viaReal(a, Math.atan, () => 1);
    case 'sinh':
      return viaReal(a, Math.sinh, Math.cosh);
    case 'cosh':
      return viaReal(a, Math.cosh, Math.sinh);
    case 'tanh':
      return viaReal(a, Math.tanh, () => 1);
    case 'ln':
      return logarithm(a);
    case 'log':
      return times(logarithm(a), inverse(logarithm(b)));
    case 'exp':
      return exponential(a);
    case 'abs':
      return rounded(modulus(a), 0, a.error);
    case 'floor':
      return step(a, Math.floor);
    case 'ceil':
      return step(a, Math.ceil);
    case 'factorial':
      return factorial(a);
    default:
      return times(
        factorial(a),
        inverse(times(factorial(b), factorial({ re: a.re - b.re, im: a.im - b.im, error: 0 }))),
      );
  }
}

/** Value of an expression with the symbols at given points; NaN where it has none or none that can be told. */
export function approximate(expr: Expr, at: ReadonlyMap<string, Approximation>): Approximation {
  switch (expr.kind) {
    case 'number':
      return real(Number(expr.value.n) / Number(expr.value.d));
    case 'symbol':
      return at.get(expr.name) ?? unknown;
    case 'constant':
      if (expr.name === 'i') return { re: 0, im: 1, error: 0 };
      return expr.name === 'infinity' ? unknown : real(expr.name === 'pi' ? Math.PI : Math.E);
    case 'add': {
      let [re, im, error] = [0, 0, 0];
      for (const item of expr.items) {
        const value = approximate(item, at);
        re += value.re;
        im += value.im;
        error += value.error + 2 * epsilon * Math.hypot(re, im);
      }
      return rounded(re, im, error);
    }
    case 'multiply':
      return expr.items.map((item) => approximate(item, at)).reduce(times, { re: 1, im: 0, error: 0 });
    case 'power': {
      const exponent = approximate(expr.exponent, at);
      return raise(approximate(expr.base, at), exponent);
    }
    default:
      return apply(
        expr.name,
        expr.items.map((item) => approximate(item, at)),
      );
  }
}
