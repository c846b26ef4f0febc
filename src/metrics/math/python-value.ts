/** A value of a Python expression. Integers are exact, floats are doubles. */
export type PythonValue =
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'str'; readonly value: string }
  | { readonly type: 'tuple'; readonly items: readonly PythonValue[] }
  | { readonly type: 'ellipsis' }
  | { readonly type: 'NoneType' }
  | { readonly type: 'complex'; readonly re: number; readonly im: number };

/** What Python would raise; `pythonClass` is the name of its class. */
export class PythonError extends Error {
  readonly pythonClass: string;

  constructor(pythonClass: string, message: string) {
    super(message);
    this.name = 'PythonError';
    this.pythonClass = pythonClass;
  }
}

/** An integer's double, as `float(value)`. @throws PythonError OverflowError beyond the range of doubles. */
export function integerToFloat(value: bigint): number {
  const double = Number(value);
  if (!Number.isFinite(double)) throw new PythonError('OverflowError', 'int too large to convert to float');
  return double;
}

/** `float(value)` of a number. @throws PythonError TypeError for what is no real number, OverflowError as Python. */
export function toFloat(value: PythonValue): number {
  if (value.type === 'float') return value.value;
  if (value.type === 'int') return integerToFloat(value.value);
  if (value.type === 'bool') return Number(value.value);
  throw new PythonError('TypeError', `must be real number, not ${value.type}`);
}

const bitLength = (value: bigint): number => (value < 0n ? -value : value).toString(2).length;

/** `a / b` of integers: the nearest double to the exact quotient. @throws PythonError as Python. */
export function divideIntegers(a: bigint, b: bigint): number {
  if (b === 0n) throw new PythonError('ZeroDivisionError', 'division by zero');
  const exact = BigInt(Number.MAX_SAFE_INTEGER);
  if (a <= exact && a >= -exact && b <= exact && b >= -exact) return Number(a) / Number(b);
  const negative = a < 0n !== b < 0n;
  const [p, q] = [a < 0n ? -a : a, b < 0n ? -b : b];
  if (p === 0n) return negative ? -0 : 0;
  const length = bitLength(p) - bitLength(q);
  if (length > 1025) throw new PythonError('OverflowError', 'integer division result too large for a float');
  // 66 bits of the quotient, fewer where the result is subnormal, the last one sticky: the conversion rounds once.
  const shift = Math.min(66 - length, 1074 + 3);
  const [n, d] = shift >= 0 ? [p << BigInt(shift), q] : [p, q << BigInt(-shift)];
  let quotient = n / d;
  if (n % d !== 0n) quotient = (quotient << 1n) | 1n;
  else quotient <<= 1n;
  const scale = shift + 1;
  const half = Math.trunc(scale / 2);
  const kept = roundBits(quotient, scale);
  const value = Number(kept) * 2 ** -half * 2 ** -(scale - half);
  if (!Number.isFinite(value)) {
    throw new PythonError('OverflowError', 'integer division result too large for a float');
  }
  return negative ? -value : value;
}

/** Rounds to what a double at that scale holds, ties to even, so that multiplying by a power of two stays exact. */
function roundBits(quotient: bigint, scale: number): bigint {
  const drop = Math.max(bitLength(quotient) - 53, scale - 1074);
  if (drop <= 0) return quotient;
  const unit = 1n << BigInt(drop);
  const rest = quotient & (unit - 1n);
  const down = quotient - rest;
  const twice = rest << 1n;
  if (twice > unit || (twice === unit && (down & unit) !== 0n)) return down + unit;
  return down;
}
