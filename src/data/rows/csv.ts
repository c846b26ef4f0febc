import { Readable } from 'node:stream';
import type { CsvError, Info } from 'csv-parse';
import { FettleError, type JsonObject } from '../../core/index.ts';
import { byteCount } from '../bytes/byte-count.ts';
import { checkedUtf8 } from './checked-utf8.ts';
import { LineCounter } from './line-counter.ts';
import { report, type RowFault } from './row-fault.ts';
import { defaultMaxLineBytes, type ReadRowsOptions, type Row } from './row.ts';

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: Info;
}

const batchSize = 256;

/**
 * Rows of CSV (RFC 4180) or TSV; every cell is text, as written.
 * The first record names the columns unless `columns` does. Lines that are wholly empty are skipped.
 * A record with too many or too few cells is a fault. Quotes inside an unquoted cell are kept as they are.
 */
export async function* csvBatches(
  chunks: AsyncIterable<Uint8Array>,
  label: string,
  options: ReadRowsOptions & { readonly delimiter: ',' | '\t' },
): AsyncGenerator<Row[], void> {
  const { delimiter, quote = '"', maxLineBytes = defaultMaxLineBytes, onFault, signal } = options;
  const { Parser } = await import('csv-parse');
  const lines = new LineCounter();
  const parser = new Parser({
    delimiter,
    quote: quote ?? false,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: maxLineBytes,
  });
  const counted = async function* () {
    for await (const chunk of checkedUtf8(chunks, label, options)) {
      signal?.throwIfAborted();
      lines.push(chunk);
      yield chunk;
    }
  };
  const input = Readable.from(counted(), { objectMode: false, highWaterMark: 1 });
  input.on('error', (error) => parser.destroy(error));

  let columns = options.columns === undefined ? undefined : checkedColumns(options.columns, label, 1);
  let rows: Row[] = [];
  let row = 0;
  try {
    for await (const { record, info } of input.pipe(parser) as AsyncIterable<ParsedRecord>) {
      lines.skipEmptyLines();
      const { line } = lines;
      lines.advance(info.bytes);
      if (columns === undefined) {
        columns = checkedColumns(record, label, line);
        continue;
      }
      if (record.length !== columns.length) {
        if (rows.length > 0) yield rows;
        rows = [];
        report(label, raggedRecord(record, columns, line), onFault);
        continue;
      }
      rows.push({ value: toObject(columns, record), line, row: row++ });
      if (rows.length < batchSize) continue;
      yield rows;
      rows = [];
    }
  } catch (error) {
    if (!isCsvError(error)) throw error;
    if (rows.length > 0) yield rows;
    rows = [];
    lines.advance(error.bytes);
    lines.skipEmptyLines();
    report(label, csvFault(error, lines.line, maxLineBytes), onFault);
  } finally {
    input.destroy();
    parser.destroy();
  }
  if (rows.length > 0) yield rows;
}

type LocatedCsvError = CsvError & { readonly bytes: number };

function isCsvError(error: unknown): error is LocatedCsvError {
  return error instanceof Error && error.constructor.name === 'CsvError';
}

function checkedColumns(names: readonly string[], label: string, line: number): readonly string[] {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      throw new FettleError(`${label}, line ${line}: two columns have the name ${JSON.stringify(name)}`, {
        code: 'data-invalid',
        where: `${label}:${line}`,
        hint: 'Rename one of them in the header line; a file without a header line needs the names of its columns.',
      });
    }
    seen.add(name);
  }
  return [...names];
}

function toObject(columns: readonly string[], record: readonly string[]): JsonObject {
  const value: Record<string, string> = {};
  for (let i = 0; i < columns.length; i++) {
    const name = columns[i] as string;
    // Assigning this one name would set the prototype.
    if (name === '__proto__') Object.defineProperty(value, name, { value: record[i], enumerable: true });
    else value[name] = record[i] as string;
  }
  return value;
}

function raggedRecord(record: readonly string[], columns: readonly string[], line: number): RowFault {
  return {
    line,
    message: `the record has ${record.length} ${record.length === 1 ? 'cell' : 'cells'}, the header ${columns.length}`,
    hint: 'A cell that holds the separator, a quote or a line end must be in double quotes.',
  };
}

function csvFault(error: CsvError, line: number, maxLineBytes: number): RowFault {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    return {
      line,
      message: 'a quoted cell is never closed',
      hint: 'Double the quotes that belong to the text (""), or read the file without quoting.',
    };
  }
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    return {
      line,
      code: 'data-too-large',
      message: `the record is longer than ${byteCount(maxLineBytes)}`,
      hint: 'A quote that is never closed makes the rest of a file one cell.',
    };
  }
  return { line, message: error.message };
}
