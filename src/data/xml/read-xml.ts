import { FettleError } from '../../core/index.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { decompressed } from '../bytes/decompress.ts';
import { fileSource } from '../bytes/file-source.ts';
import { rowError } from '../rows/row-fault.ts';
import { textChunks } from '../rows/text-chunks.ts';
import { RecordBuilder } from './record-builder.ts';
import type { XmlElement } from './xml-element.ts';

export interface ReadXmlOptions {
  /** Name of the elements that are records. One within another belongs to it. */
  readonly record: string;
  /** Elements within elements at most. Default 64. */
  readonly maxDepth?: number | undefined;
  /** Characters of text and attributes that one record may hold, and that may stand between records. Default 4 million. */
  readonly maxRecordCharacters?: number | undefined;
  /** Elements that one record may hold. Default 100,000. */
  readonly maxRecordElements?: number | undefined;
  /** Bytes of the document, unpacked. Default 1 GiB. */
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The records of an XML document, also of a `.gz`, one after the other: memory holds one of them.
 * Document types are refused whole, so that no entity is declared, expanded or fetched; the five entities of XML and
 * character references are read.
 *
 * Throws a FettleError `data-invalid` whose `where` is `file:line:column`, `data-encoding`, `data-truncated`,
 * `data-corrupt` or `data-too-large`.
 *
 * ```ts
 * for await (const problem of readXml('problems.xml', { record: 'Problem' })) use(childText(problem, 'Answer'));
 * ```
 */
export async function* readXml(
  source: ByteSource | string,
  options: ReadXmlOptions,
): AsyncGenerator<XmlElement, void, undefined> {
  const from = typeof source === 'string' ? fileSource(source) : source;
  const { label } = from;
  const { maxBytes = 2 ** 30, signal } = options;
  const records = new RecordBuilder(label, options);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw rowError(label, {
        code: 'data-encoding',
        line: records.line,
        message: 'bytes soon after this line are not UTF-8',
        hint: 'Save the file as UTF-8.',
      });
    }
  };
  let bytes = 0;
  for await (const chunk of textChunks(decompressed(from.stream(), { label }), { label, encoding: 'strict' })) {
    signal?.throwIfAborted();
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new FettleError(`${label} holds more than ${maxBytes} bytes of XML`, {
        code: 'data-too-large',
        where: label,
        hint: 'Split the document.',
      });
    }
    yield* records.write(decode(chunk));
  }
  yield* records.write(decode());
  records.end();
}
