import type { AsyncBuffer } from 'hyparquet';
import { errorMessage, FettleError, type JsonObject, type JsonValue } from '../../core/index.ts';
import type { ByteSource } from '../bytes/byte-source.ts';
import { binaryCell } from './binary-cell.ts';
import { report } from './row-fault.ts';
import { defaultMaxDocumentBytes, type ReadRowsOptions, type Row } from './row.ts';

/**
 * Rows of a Parquet file, one row group in memory at a time.
 * 64-bit integers become numbers, or text beyond ±(2^53 - 1); dates and times ISO 8601 text;
 * NaN null; binary columns `binaryCell`s.
 */
export async function* parquetChunks(
  source: ByteSource,
  label: string,
  options: ReadRowsOptions = {},
): AsyncGenerator<Iterable<Row>, void> {
  const { signal, select, onFault } = options;
  const [{ parquetMetadataAsync, parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const decoder = new TextDecoder('utf-8', { fatal: options.encoding !== 'lenient', ignoreBOM: true });
  const parsers = {
    timestampFromMilliseconds: (value: bigint) => isoTime(value, 1_000n),
    timestampFromMicroseconds: (value: bigint) => isoTime(value, 1_000_000n),
    timestampFromNanoseconds: (value: bigint) => isoTime(value, 1_000_000_000n),
    dateFromDays: (days: number) =>
      days === null || days === undefined ? null : new Date(days * 86_400_000).toISOString().slice(0, 10),
    stringFromBytes: (bytes: Uint8Array | undefined) => (bytes ? decoder.decode(bytes) : bytes),
  };
  let row = 0;
  try {
    const file = await asyncBuffer(source, options);
    const metadata = await parquetMetadataAsync(file);
    const known = metadata.schema.map(({ name }) => name);
    const missing = select?.find((name) => !known.includes(name));
    if (missing !== undefined) {
      throw new FettleError(`${label} has no column ${JSON.stringify(missing)}`, {
        code: 'data-invalid',
        where: label,
        hint: `Its columns are ${known.slice(1).join(', ')}.`,
      });
    }
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      signal?.throwIfAborted();
      const rowEnd = rowStart + Number(group.num_rows);
      const records = await parquetReadObjects({
        file,
        metadata,
        compressors,
        parsers,
        utf8: false,
        rowStart,
        rowEnd,
        ...(select === undefined ? {} : { columns: [...select] }),
      });
      yield toRows(records, rowStart);
      row = rowEnd;
      rowStart = rowEnd;
    }
  } catch (error) {
    if (FettleError.isInstance(error) || signal?.aborted === true) throw error;
    report(
      label,
      {
        message: `the Parquet file cannot be read${row > 0 ? ` after row ${row}` : ''}: ${errorMessage(error)}`,
        hint: 'The file may be damaged or cut: fetch it again.',
      },
      onFault,
    );
  }
}

function* toRows(records: readonly object[], start: number): Generator<Row, void> {
  for (const [index, record] of records.entries()) {
    yield { value: toJson(record) as JsonObject, row: start + index, line: start + index + 1 };
  }
}

/** The source as hyparquet reads it: by ranges where they are cheap, else whole. */
async function asyncBuffer(
  source: ByteSource,
  { maxDocumentBytes = defaultMaxDocumentBytes }: ReadRowsOptions,
): Promise<AsyncBuffer> {
  if (source.range !== undefined && source.size !== undefined) {
    const { size } = source;
    const range = source.range.bind(source);
    return {
      byteLength: size,
      slice: async (start, end) => ownBuffer(await range(start, Math.min(end ?? size, size))),
    };
  }
  const bytes = ownBuffer(await source.bytes({ maxBytes: maxDocumentBytes }));
  return { byteLength: bytes.byteLength, slice: (start, end) => bytes.slice(start, end) };
}

function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength) return buffer;
  return new Uint8Array(bytes).buffer;
}

/** ISO 8601 with as many digits of the second as the unit has and the value needs. */
function isoTime(value: bigint | null | undefined, unitsPerSecond: bigint): string | null {
  if (value === null || value === undefined) return null;
  const ticks = BigInt(value);
  const fraction = ((ticks % unitsPerSecond) + unitsPerSecond) % unitsPerSecond;
  const seconds = (ticks - fraction) / unitsPerSecond;
  const base = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const digits = String(fraction)
    .padStart(String(unitsPerSecond).length - 1, '0')
    .replace(/0+$/, '');
  return `${base}${digits === '' ? '' : `.${digits}`}Z`;
}

function toJson(value: unknown): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : Number.isNaN(value) ? null : String(value);
    case 'bigint':
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
    case 'object': {
      if (value === null) return null;
      if (value instanceof Uint8Array) return binaryCell(value);
      if (value instanceof Date) return value.toISOString();
      if (Array.isArray(value)) return value.map(toJson);
      if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, toJson);
      const object: Record<string, JsonValue> = {};
      for (const [name, field] of Object.entries(value)) {
        Object.defineProperty(object, name, {
          value: toJson(field),
          enumerable: true,
          writable: true,
          configurable: true,
        });
      }
      return object;
    }
    default:
      return null;
  }
}
