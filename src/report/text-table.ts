import stringWidth from 'string-width';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** The column that gives way when the terminal is narrow, and its least width. */
  readonly shrinksTo?: number;
}

export interface Row {
  readonly cells: readonly string[];
  /** Colours the finished line. */
  readonly style?: (line: string) => string;
  /** Colours a padded cell. */
  readonly cellStyles?: readonly (((cell: string) => string) | undefined)[];
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Most code units of one visible character: more is a tower of combining marks. */
const longestGrapheme = 16;

/** Cuts to `width` columns, wide characters counted as two, with an ellipsis where something is gone. */
export function fitWidth(text: string, width: number, ellipsis = '…'): string {
  // No text of `width` columns needs more code units than this, so a huge one is not measured in full.
  const head = text.length > width * longestGrapheme ? text.slice(0, width * longestGrapheme) : text;
  if (head === text && stringWidth(text) <= width && text.length <= width * 2) return text;
  const room = width - stringWidth(ellipsis);
  let result = '';
  let used = 0;
  let whole = head === text;
  for (const { segment } of segmenter.segment(head)) {
    const size = stringWidth(segment);
    if (used + size > room) {
      if (whole && stringWidth(head) <= width) return head.slice(0, width * longestGrapheme);
      whole = false;
      break;
    }
    result += segment.slice(0, longestGrapheme);
    used += size;
  }
  return whole ? result : result + ellipsis;
}

/** Lines of a table no wider than `width`. Cells must hold no control characters. */
export function textTable(columns: readonly Column[], rows: readonly Row[], width: number, ellipsis = '…'): string[] {
  const gap = 2;
  const widths = columns.map((column, i) =>
    Math.max(stringWidth(column.title), ...rows.map((row) => stringWidth(row.cells[i] ?? ''))),
  );
  const total = widths.reduce((sum, size) => sum + size, 0) + gap * (columns.length - 1);
  const shrinking = columns.findIndex((column) => column.shrinksTo !== undefined);
  if (total > width && shrinking >= 0) {
    const least = columns[shrinking]?.shrinksTo ?? 0;
    widths[shrinking] = Math.max(least, (widths[shrinking] as number) - (total - width));
  }
  const line = (row: Row): string => {
    const cells = row.cells.map((cell, i) => {
      const size = widths[i] as number;
      const fitted = fitWidth(cell, size, ellipsis);
      const space = ' '.repeat(Math.max(0, size - stringWidth(fitted)));
      const padded = columns[i]?.align === 'right' ? space + fitted : fitted + space;
      return row.cellStyles?.[i]?.(padded) ?? padded;
    });
    const text = cells.join(' '.repeat(gap)).trimEnd();
    return row.style?.(text) ?? text;
  };
  return rows.map(line);
}
