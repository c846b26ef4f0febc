import type { ByteSource } from '../bytes/byte-source.ts';
import { decompressed } from '../bytes/decompress.ts';
import { fileSource } from '../bytes/file-source.ts';
import { documentText } from './json-document.ts';
import type { ReadRowsOptions } from './row.ts';
import { textChunks } from './text-chunks.ts';

/**
 * All of a text file, also of a `.gz`, without a byte order mark.
 * A FettleError `data-encoding` names the line that is not UTF-8; limits as for `readRows`.
 */
export async function readText(
  source: ByteSource | string,
  options: Pick<ReadRowsOptions, 'encoding' | 'maxDocumentBytes'> = {},
): Promise<string> {
  const from = typeof source === 'string' ? fileSource(source) : source;
  const { label } = from;
  const chunks = textChunks(decompressed(from.stream(), { label }), { label, encoding: options.encoding ?? 'strict' });
  return documentText(chunks, label, options);
}
