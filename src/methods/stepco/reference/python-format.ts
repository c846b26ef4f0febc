/** Python's `'%.2f' % value`: the nearest by the binary value, ties to the even digit. */
export function twoDecimals(value: number): string {
  const text = value.toFixed(2);
  // Only odd eighths lie midway between two hundredths and can be written in binary; toFixed rounds those up.
  if (!Number.isInteger(value * 8) || Number.isInteger(value * 4)) return text;
  const even = { 1: '12', 3: '38', 5: '62', 7: '88' }[Math.abs(value * 8) % 8];
  return `${value < 0 ? '-' : ''}${Math.trunc(Math.abs(value))}.${even ?? ''}`;
}
