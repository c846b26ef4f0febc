import { FettleError } from '../../core/index.ts';
import { byteCount } from './byte-count.ts';

/** Largest whole read where the caller gives no limit: what one Node buffer surely holds. */
export const defaultMaxBytes = 2 ** 31;

/** A FettleError `data-too-large` that names the file and the limit. */
export function tooLarge(label: string, size: number | undefined, maxBytes: number): FettleError {
  const found = size === undefined ? `more than ${byteCount(maxBytes)}` : byteCount(size);
  return new FettleError(`${label} is too large to be read at once: ${found}, the limit is ${byteCount(maxBytes)}`, {
    code: 'data-too-large',
    where: label,
    hint: 'Split the file, or use a format that is read row by row (JSON Lines, CSV, Parquet).',
  });
}

/** Joins a stream of chunks; stops with `data-too-large` as soon as the limit is passed. */
export async function collect(
  chunks: AsyncIterable<Uint8Array>,
  { label, maxBytes = defaultMaxBytes }: { label: string; maxBytes?: number | undefined },
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(label, undefined, maxBytes);
    parts.push(chunk);
  }
  return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts, size);
}
