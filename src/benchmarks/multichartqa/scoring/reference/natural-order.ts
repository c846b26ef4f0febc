import { decimalValue, pythonDigitClass } from '../../../../metrics/python/index.ts';

const chunks = new RegExp(`${pythonDigitClass}+|[^${pythonDigitClass.slice(1, -1)}]+`, 'gu');

/** Digit runs by value, text by code points; a text chunk always comes first. */
function keyOf(name: string): (string | bigint)[] {
  const key: (string | bigint)[] = [];
  for (const [chunk] of name.matchAll(chunks)) {
    const digits = Array.from(chunk, decimalValue);
    const isNumber = digits[0] !== undefined;
    if (isNumber && key.length === 0) key.push('');
    key.push(isNumber ? BigInt(digits.join('')) : chunk.toUpperCase().toLowerCase());
  }
  return key;
}

function byCodePoints(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Natural order of names as the library natsort has it with case ignored: unsigned integers by value, text by code points. */
export function naturalOrder(a: string, b: string): number {
  const left = keyOf(a);
  const right = keyOf(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const one = left[i];
    const other = right[i];
    if (typeof one === 'bigint' && typeof other === 'bigint') {
      if (one !== other) return one < other ? -1 : 1;
    } else if (typeof one === 'string' && typeof other === 'string') {
      const difference = byCodePoints(one, other);
      if (difference !== 0) return difference;
    }
  }
  return left.length - right.length;
}
