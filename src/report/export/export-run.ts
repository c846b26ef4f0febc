import type { FileHandle } from 'node:fs/promises';
import { usageError, type RunRecord, type SampleResult, type Store } from '../../core/index.ts';
import { summaryOf } from '../stored-summary.ts';
import { writeAtomically, type AtomicFileOptions } from './atomic-file.ts';
import { csvHeader, csvLine } from './csv.ts';
import { writeEval } from './inspect/write-eval.ts';
import { jsonLine } from './jsonl.ts';
import { writeParquet } from './parquet.ts';
import { resultRow } from './result-row.ts';

export const exportFormats = ['inspect', 'jsonl', 'csv', 'parquet'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions extends AtomicFileOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes all results of a run to `outPath`, streaming; the file is whole or absent.
 *
 * - `inspect`: a log that Inspect AI opens, with every model call of the journal.
 * - `jsonl`: whole results; `fettle score --replies` reads it.
 * - `csv`: flat rows for spreadsheets; texts that would run as a formula get an apostrophe.
 * - `parquet`: the same rows, unchanged and typed.
 *
 * Gives the number of results written. Throws a usage error for an unknown run or format and for a file that
 * exists (`force` replaces it), and `cannot-write` when the file system refuses.
 */
export async function exportRun(
  store: Store,
  runId: string,
  format: ExportFormat,
  outPath: string,
  options: ExportOptions = {},
): Promise<{ readonly path: string; readonly results: number }> {
  if (!exportFormats.includes(format)) {
    throw usageError(`unknown format ${String(format)}`, { hint: `Formats: ${exportFormats.join(', ')}.` });
  }
  const run = await store.getRun(runId);
  if (run === undefined) {
    throw usageError(`no run ${runId}`, { where: runId, hint: '`fettle runs` lists what there is.' });
  }
  const results = await writeAtomically(outPath, options, async (file, temporary) => {
    if (format === 'inspect') {
      const summary = await summaryOf(store, run);
      return writeEval(file, { store, run, summary, signal: options.signal });
    }
    const rows = counted(store.results(run.id), options.signal);
    if (format === 'parquet')
      await writeParquet(
        temporary,
        mapped(rows, (result) => resultRow(run, result)),
      );
    else await writeLines(file, rows, lineWriter(format, run));
    return rows.count();
  });
  return { path: outPath, results };
}

interface LineWriter {
  readonly header: string;
  line(result: SampleResult): string;
}

function lineWriter(format: 'jsonl' | 'csv', run: RunRecord): LineWriter {
  return format === 'csv'
    ? { header: csvHeader, line: (result) => csvLine(resultRow(run, result)) }
    : { header: '', line: (result) => jsonLine(run, result) };
}

async function writeLines(file: FileHandle, results: AsyncIterable<SampleResult>, writer: LineWriter): Promise<void> {
  let pending = writer.header;
  for await (const result of results) {
    pending += writer.line(result);
    if (pending.length > 1 << 18) {
      await file.appendFile(pending);
      pending = '';
    }
  }
  await file.appendFile(pending);
}

function counted(
  results: AsyncIterable<SampleResult>,
  signal: AbortSignal | undefined,
): AsyncIterable<SampleResult> & { count(): number } {
  let count = 0;
  return {
    count: () => count,
    async *[Symbol.asyncIterator]() {
      for await (const result of results) {
        signal?.throwIfAborted();
        count++;
        yield result;
      }
    },
  };
}

async function* mapped<T, R>(items: AsyncIterable<T>, convert: (item: T) => R): AsyncGenerator<R> {
  for await (const item of items) yield convert(item);
}
