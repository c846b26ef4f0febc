import type { DataFault, JsonObject, JsonValue } from '../../core/index.ts';

/** One record of a file. */
export interface Row {
  /** Cells by name. CSV cells are text; binary Parquet cells are opaque objects, see `binaryCell`. */
  readonly value: JsonObject;
  /** Where the record starts, from 1. Parquet has no lines: the number of the row, from 1. */
  readonly line: number;
  /** From 0, counting records only. */
  readonly row: number;
  /** The field's name, where the file is a JSON object of objects. */
  readonly key?: string;
}

/** A record of any JSON type, for files that may hold a text or a list a line. */
export interface ValueRow extends Omit<Row, 'value'> {
  readonly value: JsonValue;
}

export type RowFormat = 'jsonl' | 'json' | 'csv' | 'tsv' | 'parquet';

export interface ReadRowsOptions {
  /** Default: from the name, else from the first bytes. */
  readonly format?: RowFormat | undefined;
  /** `strict` (default) refuses bytes that are not UTF-8; `lenient` puts U+FFFD in their place. */
  readonly encoding?: 'strict' | 'lenient' | undefined;
  /** Longest line or CSV record, in bytes. Default 64 MiB. */
  readonly maxLineBytes?: number | undefined;
  /** Largest JSON document, and largest Parquet file that cannot be read in parts, in bytes. Default 512 MiB. */
  readonly maxDocumentBytes?: number | undefined;
  /** CSV and TSV: names of the columns, for a file without a header line. */
  readonly columns?: readonly string[] | undefined;
  /** CSV and TSV: the quote character, null for none. Default `"`. */
  readonly quote?: string | null | undefined;
  /** Parquet: read these columns alone. */
  readonly select?: readonly string[] | undefined;
  /** Told of every fault; reading goes on with the next record. Without it the first fault is thrown. */
  readonly onFault?: ((fault: DataFault) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What the readers of JSON are told. */
export interface ChunkOptions extends ReadRowsOptions {
  /** Let rows be of any JSON type: `openRows` says so in its own type. */
  readonly anyValue?: boolean | undefined;
}

export const defaultMaxLineBytes = 64 * 2 ** 20;
export const defaultMaxDocumentBytes = 512 * 2 ** 20;
