import type { JsonValue } from '../../core/index.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { decompressed } from '../bytes/decompress.ts';
import { fileSource } from '../bytes/file-source.ts';
import { documentText, parseDocument } from './json-document.ts';
import type { ReadRowsOptions } from './row.ts';
import { textChunks } from './text-chunks.ts';

/** One JSON document of any shape, also as `.gz`. Errors name line and column; limits as for `readRows`. */
export async function readJson(
  source: ByteSource | string,
  options: Pick<ReadRowsOptions, 'encoding' | 'maxDocumentBytes'> = {},
): Promise<JsonValue> {
  const from = typeof source === 'string' ? fileSource(source) : source;
  const { label } = from;
  const chunks = textChunks(decompressed(from.stream(), { label }), { label, encoding: options.encoding ?? 'strict' });
  return parseDocument(await documentText(chunks, label, options), label);
}
