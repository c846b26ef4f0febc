import { rowColumns, type ResultRow } from './result-row.ts';

/** The first line. */
export const csvHeader = `${rowColumns.map((column) => column.name).join(',')}\r\n`;

/**
 * One line by RFC 4180.
 * A text that begins with `=`, `+`, `-`, `@`, a tab or a line break gets an apostrophe before it, since spreadsheets
 * would run it as a formula (OWASP, CSV injection): a reply of `-1` reads `'-1`. Numbers of ours stay as they are.
 * Whoever needs replies unchanged takes JSON Lines or Parquet.
 */
export function csvLine(row: ResultRow): string {
  return `${rowColumns.map(({ name }) => cell(row[name])).join(',')}\r\n`;
}

function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const guarded = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
