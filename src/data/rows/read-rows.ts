import { FettleError } from '../../core/index.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { bytesSource } from '../bytes/bytes-source.ts';
import { collect } from '../bytes/collect.ts';
import { decompressed, sniffCompression } from '../bytes/decompress.ts';
import { fileSource } from '../bytes/file-source.ts';
import { peekStream } from '../bytes/peek-stream.ts';
import { csvChunks } from './csv.ts';
import { formatOfName, isJsonLines, isSpreadJson, sniffFormat } from './detect-format.ts';
import { flatten } from './flatten.ts';
import { jsonDocumentChunks } from './json-document.ts';
import { jsonLinesChunks } from './jsonl.ts';
import { parquetChunks } from './parquet.ts';
import {
  defaultMaxDocumentBytes,
  type ChunkOptions,
  type ReadRowsOptions,
  type Row,
  type RowFormat,
  type ValueRow,
} from './row.ts';
import { textChunks } from './text-chunks.ts';

/** How much of a file is looked at to tell its format. */
const sniffBytes = 64 * 1024;

/**
 * The rows of a file: JSON Lines, JSON, CSV, TSV or Parquet, each also as `.gz`.
 * Memory is bounded by a block of rows (a row group of Parquet, the document of JSON), not by the file.
 * JSON Lines named `.json` and a JSON document named `.jsonl` are recognised.
 *
 * Throws a FettleError `data-invalid`, `data-encoding`, `data-truncated`, `data-corrupt` or `data-too-large`
 * whose `where` is `file:line:column`; with `onFault` faults of rows are told there and reading goes on.
 *
 * ```ts
 * for await (const { value, line } of readRows('questions.jsonl')) use(value.question, line);
 * ```
 */
export function readRows(source: ByteSource | string, options: ReadRowsOptions = {}): AsyncIterableIterator<Row> {
  return flatten(readChunks(source, options));
}

/** As `readRows`, but a row may be of any JSON type: a text a line, say. */
export function openRows(source: ByteSource | string, options: ReadRowsOptions = {}): AsyncIterableIterator<ValueRow> {
  return flatten<ValueRow>(readChunks(source, { ...options, anyValue: true }));
}

/** As `readRows`, but rows come in batches as they were read, for loops that keep them anyway. */
export async function* readRowBatches(
  source: ByteSource | string,
  options: ReadRowsOptions = {},
): AsyncGenerator<Row[], void> {
  for await (const rows of readChunks(source, options)) {
    const batch: Row[] = [];
    let failure: { readonly error: unknown } | undefined;
    try {
      for (const row of rows) batch.push(row);
    } catch (error) {
      failure = { error };
    }
    if (batch.length > 0) yield batch;
    if (failure !== undefined) throw failure.error;
  }
}

async function* readChunks(source: ByteSource | string, options: ChunkOptions): AsyncGenerator<Iterable<Row>, void> {
  const from = typeof source === 'string' ? fileSource(source) : source;
  const { label } = from;
  const named = options.format ?? formatOfName(from.name);
  if (named === 'parquet') {
    yield* parquetChunks(await plainParquet(from, options), label, options);
    return;
  }
  const { head, stream } = await peekStream(
    textChunks(decompressed(from.stream(), { label }), { label, encoding: options.encoding ?? 'strict' }),
    sniffBytes,
  );
  const format = options.format ?? settle(named, head);
  switch (format) {
    case 'jsonl':
      yield* jsonLinesChunks(stream, label, options);
      return;
    case 'json':
      yield* jsonDocumentChunks(stream, label, options);
      return;
    case 'csv':
    case 'tsv':
      yield* csvChunks(stream, label, { ...options, delimiter: format === 'csv' ? ',' : '\t' });
      return;
    case 'parquet': {
      const bytes = await collect(stream, { label, maxBytes: options.maxDocumentBytes ?? defaultMaxDocumentBytes });
      yield* parquetChunks(bytesSource(bytes, from.name, label), label, options);
      return;
    }
    case undefined:
      if (head.length === 0) return;
      throw new FettleError(`${label} is no table of a known format`, {
        code: 'data-format',
        where: label,
        hint: 'Name the file .jsonl, .json, .csv, .tsv or .parquet (each also with .gz), or say its format.',
      });
  }
}

/** The format, where the name and the first bytes disagree. */
function settle(named: RowFormat | undefined, head: Uint8Array): RowFormat | undefined {
  if (named === 'json' && isJsonLines(startText(head))) return 'jsonl';
  if (named === 'jsonl' && isSpreadJson(startText(head))) return 'json';
  return named ?? sniffFormat(head);
}

function startText(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 4 * sniffBytes)).toString('utf8');
}

/** A Parquet file by itself; one that was compressed again is unpacked in memory. */
async function plainParquet(source: ByteSource, options: ReadRowsOptions): Promise<ByteSource> {
  const { label } = source;
  if (!/\.(?:gz|gzip|zst|zstd)$/i.test(source.name)) return source;
  const { head, stream } = await peekStream(source.stream(), 4);
  const bytes = await collect(sniffCompression(head) === undefined ? stream : decompressed(stream, { label }), {
    label,
    maxBytes: options.maxDocumentBytes ?? defaultMaxDocumentBytes,
  });
  return bytesSource(bytes, source.name, label);
}
