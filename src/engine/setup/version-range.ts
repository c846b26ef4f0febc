import { FettleError } from '../../core/index.ts';

/** The numbers of a version: `2.11.0+cu128` → [2, 11, 0]; pre-releases count as their release. */
function release(version: string): number[] {
  const match = /^v?(\d+(?:\.\d+)*)/.exec(version.trim());
  return match === null ? [] : (match[1] ?? '').split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version lies in a range such as `>=2.11,<2.14` or `==2.13.0`: what our own files use of Python's specifiers. */
export function inRange(version: string, range: string): boolean {
  const has = release(version);
  if (has.length === 0) return false;
  return range
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .every((part) => {
      const match = /^(>=|<=|==|<|>)\s*(\d+(?:\.\d+)*)$/.exec(part);
      if (match === null) {
        throw new FettleError(`"${part}" is no version range that is understood here.`, {
          code: 'engine-source-missing',
        });
      }
      const order = compare(has, release(match[2] ?? ''));
      if (match[1] === '>=') return order >= 0;
      if (match[1] === '<=') return order <= 0;
      if (match[1] === '<') return order < 0;
      return match[1] === '>' ? order > 0 : order === 0;
    });
}
