/**
 * Reading: folders, archives and single files as trees of entries; rows of JSON Lines, JSON, CSV, TSV and Parquet;
 * images as lazily loaded, checked blobs; fetching of data sets with verification.
 */
export * from './archives/archive-limits.ts';
export * from './bytes/byte-source.ts';
export { bytesSource } from './bytes/bytes-source.ts';
export { fileSource } from './bytes/file-source.ts';
export { binaryCell, cellBytes } from './rows/binary-cell.ts';
export { formatOfName } from './rows/detect-format.ts';
export { readRowBatches, readRows } from './rows/read-rows.ts';
export type { ReadRowsOptions, Row, RowFormat } from './rows/row.ts';
export type { DataEntry, DataTree } from './tree/data-tree.ts';
export { openData, openSource, type OpenDataOptions } from './tree/open-data.ts';
