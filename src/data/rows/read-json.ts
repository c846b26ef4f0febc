import type { JsonValue } from '../../core/index.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { parseDocument } from './json-document.ts';
import { readText } from './read-text.ts';
import type { ReadRowsOptions } from './row.ts';

/** One JSON document of any shape, also as `.gz`. Errors name line and column; limits as for `readRows`. */
export async function readJson(
  source: ByteSource | string,
  options: Pick<ReadRowsOptions, 'encoding' | 'maxDocumentBytes'> = {},
): Promise<JsonValue> {
  return parseDocument(await readText(source, options), typeof source === 'string' ? source : source.label);
}
