import { plainNumberText } from './int.ts';

const digits = '[0-9]+(?:_[0-9]+)*';
const float = new RegExp(
  `^[+-]?(?:(?:${digits}(?:\\.(?:${digits})?)?|\\.${digits})(?:e[+-]?${digits})?|inf(?:inity)?|nan)$`,
  'i',
);

/** True where Python's `float(text)` gives a number (infinities and NaN too) rather than ValueError. */
export function isPythonFloat(text: string): boolean {
  return float.test(plainNumberText(text));
}

/** Python's `float(text)`, undefined where it raises ValueError. */
export function pythonFloat(text: string): number | undefined {
  const plain = plainNumberText(text);
  if (!float.test(plain)) return undefined;
  const sign = plain.startsWith('-') ? -1 : 1;
  const size = plain.replace(/^[+-]/, '').replaceAll('_', '').toLowerCase();
  if (size.startsWith('i')) return sign * Infinity;
  return size === 'nan' ? NaN : sign * Number(size);
}

/** The two decimals of a fraction of one, three, five or seven eighths, half to even. */
const tiedDecimals: Readonly<Record<number, string>> = { 1: '12', 3: '38', 5: '62', 7: '88' };

/** Python's `round(value, 2)`: the nearest by the binary value, ties to the even digit. */
export function roundToCents(value: number): number {
  const size = Math.abs(value);
  if (!(size < 2 ** 51) || Number.isInteger(value)) return value;
  // Only odd eighths lie midway between two hundredths and can be written in binary.
  const tied = Number.isInteger(size * 8) ? tiedDecimals[(size * 8) % 8] : undefined;
  const rounded = Number(tied === undefined ? size.toFixed(2) : `${Math.trunc(size)}.${tied}`);
  return value < 0 || Object.is(value, -0) ? -rounded : rounded;
}

/** Python's `str(value)` of a float. */
export function pythonFloatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e16 || size < 1e-4) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    return `${mantissa}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
