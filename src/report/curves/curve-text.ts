import { fitWidth } from '../text-table.ts';
import type { CurvePoint } from './line-figure.ts';

const blocks = '▁▂▃▄▅▆▇█';
const ascii = '_.-=+*%#';

/** Values in one line of block characters, from the least to the most; a blank where a value is not finite. */
export function sparkline(
  values: readonly (number | null)[],
  width: number,
  { unicode = true }: { readonly unicode?: boolean } = {},
): string {
  const columns = spreadOver(values, Math.max(1, Math.floor(width)));
  const finite = columns.filter((value) => value !== null);
  if (finite.length === 0) return '';
  const low = Math.min(...finite);
  const range = Math.max(...finite) - low;
  const marks = unicode ? blocks : ascii;
  return columns
    .map((value) =>
      value === null
        ? ' '
        : (marks[range === 0 ? 0 : Math.round(((value - low) / range) * (marks.length - 1))] as string),
    )
    .join('');
}

/** Bits of the eight dots of a braille character, by row and column. */
const dots = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/**
 * A curve over training steps for a terminal, in braille dots (2 × 4 a character), with the least and the most value at
 * the left: `height` lines of at most `width` columns. Without `unicode`, a sparkline in ASCII. Empty without a finite
 * value.
 */
export function curveText(
  points: readonly CurvePoint[],
  width: number,
  { height = 4, unicode = true }: { readonly height?: number; readonly unicode?: boolean } = {},
): string {
  const values = points.map(({ value }) => value);
  const finite = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (finite.length === 0) return '';
  const low = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  const labels = [short(high), short(low)];
  const margin = Math.max(...labels.map(({ length }) => length)) + 1;
  const room = Math.max(4, Math.floor(width) - margin);
  if (!unicode) return fitWidth(`${short(low)}..${short(high)} ${sparkline(values, room, { unicode })}`, width, '~');
  const columns = spreadOver(values, room * 2);
  const rows = Math.max(1, Math.floor(height));
  const cells = Array.from({ length: rows }, () => new Uint8Array(room));
  let last: number | null = null;
  for (const [column, value] of columns.entries()) {
    if (value === null) {
      last = null;
      continue;
    }
    const level = high === low ? 0 : Math.round(((value - low) / (high - low)) * (rows * 4 - 1));
    // Steep pieces are drawn whole, so that the eye follows the line.
    const from = last === null ? level : last + Math.sign(level - last);
    for (let at = Math.min(from, level); at <= Math.max(from, level); at++) {
      const fromTop = rows * 4 - 1 - at;
      const cell = cells[Math.floor(fromTop / 4)] as Uint8Array;
      cell[column >> 1] = (cell[column >> 1] as number) | (dots[fromTop % 4]?.[column % 2] ?? 0);
    }
    last = level;
  }
  return cells
    .map((cell, row) => {
      const label = row === 0 ? (labels[0] as string) : row === rows - 1 ? (labels[1] as string) : '';
      const line = Array.from(cell, (bits) => (bits === 0 ? ' ' : String.fromCharCode(0x2800 + bits))).join('');
      return `${label.padStart(margin - 1)} ${line}`.trimEnd();
    })
    .join('\n');
}

const short = (value: number): string => {
  const text = Number(value.toPrecision(3)).toString();
  return text.length <= 7 ? text : value.toExponential(1);
};

/** Means of as many runs of neighbouring values as there are columns, or fewer columns where values are few. */
function spreadOver(values: readonly (number | null)[], columns: number): (number | null)[] {
  const count = Math.min(columns, values.length);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * values.length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * values.length) / count));
    const finite = values.slice(from, to).filter((value) => value !== null && Number.isFinite(value)) as number[];
    return finite.length === 0 ? null : finite.reduce((sum, value) => sum + value, 0) / finite.length;
  });
}
