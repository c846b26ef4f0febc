import type { PythonValue } from '../../../metrics/math/index.ts';

/** Python's `a == b`: exact among numbers of different types, False between a number and anything else. */
export function pythonEqual(a: PythonValue, b: PythonValue): boolean {
  const [x, y] = [numberOf(a), numberOf(b)];
  // oxlint-disable-next-line eqeqeq -- an integer and a float, exactly
  if (x !== null && y !== null) return x == y;
  if (x !== null || y !== null) return false;
  if (a.type === 'tuple' && b.type === 'tuple') {
    const others = b.items;
    return a.items.length === others.length && a.items.every((item, i) => pythonEqual(item, others[i] ?? item));
  }
  if (a.type === 'str' && b.type === 'str') return a.value === b.value;
  if (a.type === 'complex' && b.type === 'complex') return a.re === b.re && a.im === b.im;
  return a.type === b.type && (a.type === 'ellipsis' || a.type === 'NoneType');
}

function numberOf(value: PythonValue): number | bigint | null {
  if (value.type === 'int' || value.type === 'float') return value.value;
  if (value.type === 'bool') return Number(value.value);
  return value.type === 'complex' && value.im === 0 ? value.re : null;
}
