import { divideIntegers, integerToFloat, PythonError, toFloat, type PythonValue } from './python-value.ts';

/** Integers of a power or shift beyond it are refused: Python would compute for minutes or run out of memory. */
const maxBits = 1 << 22;

const int = (value: bigint): PythonValue => ({ type: 'int', value });
const real = (value: number): PythonValue => ({ type: 'float', value });
const bool = (value: boolean): PythonValue => ({ type: 'bool', value });

function asInteger(value: PythonValue): bigint | undefined {
  if (value.type === 'int') return value.value;
  return value.type === 'bool' ? BigInt(value.value) : undefined;
}

const isReal = (value: PythonValue): boolean => value.type === 'int' || value.type === 'bool' || value.type === 'float';

function unsupported(operator: string, a: PythonValue, b: PythonValue): PythonError {
  return new PythonError('TypeError', `unsupported operand type(s) for ${operator}: '${a.type}' and '${b.type}'`);
}

const zeroDivision = (message: string): PythonError => new PythonError('ZeroDivisionError', message);

function floorDivide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw zeroDivision('integer division or modulo by zero');
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Python's `divmod` of floats. */
function divmod(a: number, b: number): [number, number] {
  if (b === 0) throw zeroDivision('float floor division by zero');
  let rest = a % b;
  let quotient = (a - rest) / b;
  if (rest !== 0) {
    if (b < 0 !== rest < 0) {
      rest += b;
      quotient -= 1;
    }
  } else rest = b < 0 ? -0 : 0;
  if (quotient === 0) return [a / b < 0 || Object.is(a / b, -0) ? -0 : 0, rest];
  const floor = Math.floor(quotient);
  return [quotient - floor > 0.5 ? floor + 1 : floor, rest];
}

function floatPower(a: number, b: number): PythonValue {
  if (a === 0 && b < 0) throw zeroDivision('0.0 cannot be raised to a negative power');
  if (a === 1 || b === 0) return real(1);
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b)) {
    const size = (-a) ** b;
    return { type: 'complex', re: size * Math.cos(Math.PI * b), im: size * Math.sin(Math.PI * b) };
  }
  const value = a === -1 && !Number.isFinite(b) && !Number.isNaN(b) ? 1 : a ** b;
  if (!Number.isFinite(value) && Number.isFinite(a) && Number.isFinite(b)) {
    throw new PythonError('OverflowError', "(34, 'Numerical result out of range')");
  }
  return real(value);
}

function power(a: PythonValue, b: PythonValue): PythonValue {
  const [base, exponent] = [asInteger(a), asInteger(b)];
  if (base === undefined || exponent === undefined) return floatPower(toFloat(a), toFloat(b));
  if (exponent < 0n) return floatPower(integerToFloat(base), integerToFloat(exponent));
  const size = base < 0n ? -base : base;
  if (size > 1n && BigInt(size.toString(2).length) * exponent > BigInt(maxBits)) {
    throw new PythonError('MemoryError', `a power of more than ${maxBits} bits is not computed`);
  }
  if (size <= 1n) return int(exponent === 0n ? 1n : base < 0n && exponent % 2n === 0n ? 1n : base);
  return int(base ** exponent);
}

function shift(operator: string, a: bigint, b: bigint): bigint {
  if (b < 0n) throw new PythonError('ValueError', 'negative shift count');
  if (operator === '>>') return b > BigInt(maxBits) ? (a < 0n ? -1n : 0n) : a >> b;
  if (a === 0n) return 0n;
  if (b > BigInt(maxBits)) throw new PythonError('MemoryError', `a shift by more than ${maxBits} bits is not computed`);
  return a << b;
}

function bits(operator: string, a: PythonValue, b: PythonValue): PythonValue {
  const [x, y] = [asInteger(a), asInteger(b)];
  if (x === undefined || y === undefined) throw unsupported(operator, a, b);
  if (operator === '<<' || operator === '>>') return int(shift(operator, x, y));
  const value = operator === '&' ? x & y : operator === '|' ? x | y : x ^ y;
  return a.type === 'bool' && b.type === 'bool' ? bool(value !== 0n) : int(value);
}

function text(operator: string, a: PythonValue, b: PythonValue): PythonValue {
  if (operator === '+' && a.type === 'str') {
    if (b.type === 'str') return { type: 'str', value: a.value + b.value };
    throw new PythonError('TypeError', `can only concatenate str (not "${b.type}") to str`);
  }
  if (operator === '*') {
    const [word, count] = a.type === 'str' ? [a, asInteger(b)] : [b, asInteger(a)];
    if (word.type === 'str' && count !== undefined) {
      if (count > 0n && BigInt(word.value.length) * count > BigInt(maxBits)) {
        throw new PythonError('MemoryError', 'a text that long is not built');
      }
      return { type: 'str', value: word.value.repeat(Math.max(0, Number(count))) };
    }
  }
  throw unsupported(operator, a, b);
}

/** `a operator b`. @throws PythonError as Python; MemoryError for integers that are too large to be computed here. */
export function binary(operator: string, a: PythonValue, b: PythonValue): PythonValue {
  if (operator === '@') throw unsupported(operator, a, b);
  if (['<<', '>>', '&', '|', '^'].includes(operator)) return bits(operator, a, b);
  if (a.type === 'str' || b.type === 'str') return text(operator, a, b);
  if (!isReal(a) || !isReal(b)) throw unsupported(operator, a, b);
  if (operator === '**') return power(a, b);
  const [x, y] = [asInteger(a), asInteger(b)];
  if (x !== undefined && y !== undefined) {
    if (operator === '+') return int(x + y);
    if (operator === '-') return int(x - y);
    if (operator === '*') return int(x * y);
    if (operator === '/') return real(divideIntegers(x, y));
    const quotient = floorDivide(x, y);
    return int(operator === '//' ? quotient : x - quotient * y);
  }
  const [p, q] = [toFloat(a), toFloat(b)];
  if (operator === '+') return real(p + q);
  if (operator === '-') return real(p - q);
  if (operator === '*') return real(p * q);
  if (operator === '/') {
    if (q === 0) throw zeroDivision('float division by zero');
    return real(p / q);
  }
  const [quotient, rest] = divmod(p, q);
  return real(operator === '//' ? quotient : rest);
}

/** `operator value`. @throws PythonError as Python. */
export function unary(operator: string, value: PythonValue): PythonValue {
  const whole = asInteger(value);
  if (whole !== undefined) return int(operator === '-' ? -whole : operator === '~' ? ~whole : whole);
  if (value.type === 'float' && operator !== '~') return real(operator === '-' ? -value.value : value.value);
  throw new PythonError('TypeError', `bad operand type for unary ${operator}: '${value.type}'`);
}

/** One comparison. Integers and floats compare exactly. @throws PythonError TypeError for an order that is not defined. */
export function compare(operator: string, a: PythonValue, b: PythonValue): boolean {
  const number = (value: PythonValue): number | bigint | undefined =>
    asInteger(value) ?? (value.type === 'float' ? value.value : undefined);
  const [x, y] = a.type === 'str' && b.type === 'str' ? [a.value, b.value] : [number(a), number(b)];
  if (x === undefined || y === undefined) {
    const same = a.type === b.type && (a.type === 'ellipsis' || a.type === 'NoneType');
    if (operator === '==') return same;
    if (operator === '!=') return !same;
    throw new PythonError('TypeError', `'${operator}' not supported between instances of '${a.type}' and '${b.type}'`);
  }
  switch (operator) {
    case '==':
      return x == y; // oxlint-disable-line eqeqeq -- an integer and a float, exactly
    case '!=':
      return x != y; // oxlint-disable-line eqeqeq -- an integer and a float, exactly
    case '<':
      return x < y;
    case '>':
      return x > y;
    case '<=':
      return x <= y;
    default:
      return x >= y;
  }
}
