import type { Writer } from 'hyparquet-writer';
import { rowColumns, type ResultRow } from './result-row.ts';

/**
 * Writes rows as Parquet (Snappy, row groups of 5,000, so that memory does not grow with their number)
 * into the file at `path`, which is replaced.
 */
export async function writeParquet(path: string, rows: AsyncIterable<ResultRow>): Promise<void> {
  const [{ parquetWriteRows }, { fileWriter }] = await Promise.all([
    import('hyparquet-writer'),
    // The file writer is exported to Node alone, beside the types of the browser's build.
    import('hyparquet-writer') as unknown as Promise<{ fileWriter(path: string): Writer }>,
  ]);
  await parquetWriteRows({
    writer: fileWriter(path),
    rows: rows as AsyncIterable<ResultRow & Record<string, unknown>>,
    columns: [...rowColumns],
    rowGroupSize: 5000,
    createdBy: 'fettle',
  });
}
