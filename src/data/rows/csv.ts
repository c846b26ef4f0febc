import type { CsvError } from 'csv-parse';
import { FettleError, type JsonObject } from '../../core/index.ts';
import { byteCount } from '../bytes/byte-count.ts';
import { checkedUtf8 } from './checked-utf8.ts';
import { LineCounter } from './line-counter.ts';
import { report, type RowFault } from './row-fault.ts';
import { defaultMaxLineBytes, type ReadRowsOptions, type Row } from './row.ts';

interface ParsedRecord {
  readonly cells: readonly string[];
  /** Offset of the byte after the record. */
  readonly end: number;
}

/**
 * Rows of CSV (RFC 4180) or TSV, in chunks as they are read; every cell is text, as written.
 * The first record names the columns unless `columns` does. Lines that are wholly empty are skipped.
 * A record with too many or too few cells is a fault. Quotes inside an unquoted cell are kept as they are.
 */
export async function* csvChunks(
  chunks: AsyncIterable<Uint8Array>,
  label: string,
  options: ReadRowsOptions & { readonly delimiter: ',' | '\t' },
): AsyncGenerator<Iterable<Row>, void> {
  const { delimiter, quote = '"', maxLineBytes = defaultMaxLineBytes, onFault, signal } = options;
  const { Parser } = await import('csv-parse');
  const reader = new RecordReader(label, options);
  let records: ParsedRecord[] = [];
  // Records are taken as they are parsed: what waits in a stream's buffer would be lost with an error.
  const parser = new Parser({
    delimiter,
    quote: quote ?? false,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxLineBytes,
    on_record: (cells: string[], { bytes }) => {
      records.push({ cells, end: bytes });
      return null;
    },
  });
  parser.on('error', () => undefined);
  parser.resume();
  let failure: LocatedCsvError | undefined;
  const step = async (act: (done: (error?: Error | null) => void) => void): Promise<Iterable<Row>> => {
    const error = await new Promise<Error | null | undefined>(act);
    if (isCsvError(error)) failure = error;
    else if (error) throw error;
    const rows = reader.read(records);
    records = [];
    return rows;
  };
  try {
    for await (const chunk of checkedUtf8(chunks, label, options)) {
      signal?.throwIfAborted();
      reader.lines.push(chunk);
      yield await step((done) => parser.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), done));
      if (failure !== undefined) break;
    }
    if (failure === undefined) {
      yield await step((done) => parser.end(done));
    }
  } finally {
    parser.destroy();
  }
  if (failure === undefined) return;
  reader.lines.advance(failure.bytes);
  reader.lines.skipEmptyLines();
  report(label, csvFault(failure, reader.lines.line, maxLineBytes), onFault);
}

/** Turns records into rows and keeps count of lines. */
class RecordReader {
  readonly lines = new LineCounter();
  #row = 0;
  #columns: readonly string[] | undefined;
  readonly #label: string;
  readonly #options: ReadRowsOptions;

  constructor(label: string, options: ReadRowsOptions) {
    this.#label = label;
    this.#options = options;
    this.#columns = options.columns === undefined ? undefined : checkedColumns(options.columns, label, 1);
  }

  *read(records: readonly ParsedRecord[]): Generator<Row, void> {
    for (const { cells, end } of records) {
      this.lines.skipEmptyLines();
      const { line } = this.lines;
      this.lines.advance(end);
      const columns = this.#columns;
      if (columns === undefined) this.#columns = checkedColumns(cells, this.#label, line);
      else if (cells.length !== columns.length) {
        report(this.#label, raggedRecord(cells, columns, line), this.#options.onFault);
      } else yield { value: toObject(columns, cells), line, row: this.#row++ };
    }
  }
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
