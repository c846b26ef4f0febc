import { sniffCompression } from '../bytes/decompress.ts';
import { findJsonFault } from './json-fault.ts';
import type { RowFormat } from './row.ts';

const extensions: Readonly<Record<string, RowFormat>> = {
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  jsonlines: 'jsonl',
  json: 'json',
  csv: 'csv',
  tsv: 'tsv',
  parquet: 'parquet',
  pq: 'parquet',
};

/** The format that a file name promises: `a/b.csv.gz` is CSV. Undefined where it promises none. */
export function formatOfName(name: string): RowFormat | undefined {
  const bare = name.toLowerCase().replace(/\.(?:gz|gzip|zst|zstd)$/, '');
  const extension = /\.([a-z]+)$/.exec(bare)?.[1];
  return extension === undefined ? undefined : extensions[extension];
}

/** The format that the first bytes suggest, undefined where they are no table that is known. */
export function sniffFormat(head: Uint8Array): RowFormat | undefined {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 64 * 1024));
  if (start.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  if (sniffCompression(start) !== undefined) return undefined;
  const text = (
    start[0] === 0xff && start[1] === 0xfe ? start.toString('utf16le') : start.toString('utf8').replace(/^\ufeff/, '')
  ).trimStart();
  if (text.startsWith('{') || text.startsWith('[')) return isJsonLines(text) ? 'jsonl' : 'json';
  if (text.includes('\0')) return undefined;
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  if (line.includes('\t')) return 'tsv';
  if (line.includes(',')) return 'csv';
  return undefined;
}

/**
 * True where text that starts with a bracket is JSON Lines: its first line is an object of its own and more follows.
 * `text` may be the beginning of the file only.
 */
export function isJsonLines(text: string): boolean {
  const trimmed = text.trimStart();
  const end = trimmed.indexOf('\n');
  if (end < 0 || !trimmed.startsWith('{') || trimmed.slice(end).trim() === '') return false;
  return isJson(trimmed.slice(0, end));
}

/**
 * True where the text starts a JSON document rather than JSON Lines: an array in one line,
 * or a first line that is not JSON but goes on in the second.
 */
export function isSpreadJson(text: string): boolean {
  const trimmed = text.trimStart();
  const [first = '', second] = trimmed.split('\n', 2);
  if (!/^[[{]/.test(first)) return false;
  const fault = findJsonFault(first);
  if (fault === undefined) return first.startsWith('[') && trimmed.slice(first.length).trim() === '';
  if (fault.incomplete !== 'between' || second === undefined) return false;
  // A cut first line of JSON Lines is followed by a row that does not fit behind it.
  const both = findJsonFault(`${first}\n${second}`);
  return both === undefined || both.incomplete !== false || both.offset > first.length + 1 + second.search(/\S|$/);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
