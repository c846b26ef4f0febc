import type { FileHandle } from 'node:fs/promises';
import type { JsonObject, RunRecord, SampleResult, Store } from '../../../core/index.ts';
import type { Summary } from '../../summary.ts';
import { ZipWriter } from '../zip-writer.ts';
import { inspectHeader, inspectStart, mainModel } from './header.ts';
import { inspectSampleId } from './sample-id.ts';
import { inspectSampleRow } from './sample-row.ts';
import { inspectSample, inspectScores } from './sample.ts';

/** Samples of one member of `_journal/summaries`. */
const journalBatch = 100;

/**
 * Writes a run as an Inspect log (`.eval`, version 2, deflate), sample by sample.
 * The results are read three times rather than kept: for the samples, the list of them, and the reductions.
 */
export async function writeEval(
  file: FileHandle,
  source: {
    readonly store: Store;
    readonly run: RunRecord;
    readonly summary: Summary;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<number> {
  const { store, run, summary } = source;
  const zip = new ZipWriter(file);
  const manyTasks = Object.keys(summary.tasks).length > 1;
  const model = mainModel(summary);
  const method = summary.details?.method ?? 'direct';
  const idOf = (result: SampleResult): string => inspectSampleId(result.task, result.sampleId, manyTasks);
  const rowOf = (result: SampleResult): JsonObject => inspectSampleRow(idOf(result), result, model);
  const image = async (sha256: string, mediaType: string): Promise<string | undefined> => {
    const bytes = await store.getBlob(sha256);
    return bytes && `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;
  };

  await zip.add('_journal/start.json', json(inspectStart(run, summary)));
  let rows: JsonObject[] = [];
  let written = 0;
  const sampleIds = new Set<string>();
  let batches = 0;
  const flushRows = async (): Promise<void> => {
    if (rows.length > 0) await zip.add(`_journal/summaries/${++batches}.json`, json(rows));
    rows = [];
  };
  for await (const result of store.results(run.id)) {
    source.signal?.throwIfAborted();
    const id = idOf(result);
    const calls = await store.callsOf(run.id, result.task, result.sampleId, result.epoch);
    const ordered = [...calls.values()].toSorted((a, b) => a.position - b.position);
    const sample = await inspectSample({ id, result, calls: ordered, model, method, image });
    await zip.add(`samples/${id}_epoch_${result.epoch}.json`, json(sample));
    rows.push(rowOf(result));
    written++;
    sampleIds.add(id);
    if (rows.length === journalBatch) await flushRows();
  }
  await flushRows();
  await zip.addStream('summaries.json', array(map(store.results(run.id), rowOf)));
  await zip.addStream('reductions.json', reductions(store.results(run.id), idOf));
  await zip.add('header.json', json(inspectHeader(run, summary, { results: written, sampleIds: [...sampleIds] })));
  await zip.finish();
  return written;
}

/** The first scorer's value of each sample, the mean over its epochs. Epochs of one sample stand together. */
async function* reductions(
  results: AsyncIterable<SampleResult>,
  idOf: (result: SampleResult) => string,
): AsyncGenerator<string> {
  yield '[{"scorer":"score","reducer":"mean","samples":';
  yield* array(meansOf(results, idOf));
  yield '}]';
}

async function* meansOf(
  results: AsyncIterable<SampleResult>,
  idOf: (result: SampleResult) => string,
): AsyncGenerator<JsonObject> {
  let current: { readonly id: string; readonly first: JsonObject; readonly values: number[] } | undefined;
  const reduced = (): JsonObject[] => {
    if (current === undefined) return [];
    const value = current.values.reduce((sum, item) => sum + item, 0) / current.values.length;
    return [{ ...current.first, value, sample_id: current.id }];
  };
  for await (const result of results) {
    const [first] = Object.values(inspectScores(result)) as [JsonObject?];
    if (first === undefined || typeof first['value'] !== 'number') continue;
    const id = idOf(result);
    if (current?.id !== id) {
      yield* reduced();
      current = { id, first, values: [] };
    }
    current.values.push(first['value']);
  }
  yield* reduced();
}

async function* map<T, R>(items: AsyncIterable<T>, convert: (item: T) => R): AsyncGenerator<R> {
  for await (const item of items) yield convert(item);
}

async function* array(items: AsyncIterable<JsonObject>): AsyncGenerator<string> {
  let separator = '[';
  for await (const item of items) {
    yield separator + json(item);
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}

/** Halves of surrogate pairs, which Python cannot encode, become replacement characters. */
function json(value: unknown): string {
  const text = JSON.stringify(value);
  // JSON.stringify writes such a half, and nothing else of ours, as \\udXXX. Few texts pay for the second pass.
  if (!text.includes('\\ud')) return text;
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'string' ? item.toWellFormed() : item));
}
