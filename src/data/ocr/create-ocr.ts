import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ImageReference } from '../../core/index.ts';
import { cacheFolder } from '../fetch/folders.ts';
import { mergeWords } from './merge-words.ts';
import type { OcrPage, OcrWord } from './ocr-page.ts';
import { pageCache } from './page-cache.ts';
import { prepareImage, type PreparedImage } from './prepare-image.ts';
import { engineName, type ReaderWorker, startReader } from './reader-worker.ts';

/** Counts up whenever the same image and engine could give another page: preparation, thresholds. */
const recipe = 2;
/** Below this a word is more often a stroke of the drawing than text. */
const leastConfidence = 30;
/** Turned text is mostly no text at all. */
const leastVerticalConfidence = 60;
/** A worker grows with the largest picture that it read; after so many it makes room. */
const readsPerWorker = 500;
/** An engine that nobody uses for so long gives its memory back; another starts within a second. */
const idleMs = 30_000;

export interface OcrOptions {
  /** Folder of the cache; null for none. Default `ocr` in Fettle's cache folder. */
  readonly cache?: string | null | undefined;
  /** Engines at once, each in its own thread. Default: one for every two cores, at most 4. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told after every image. */
  readonly onProgress?: ((progress: OcrProgress) => void) | undefined;
}

export interface OcrProgress {
  /** Images read by the engine, and how long that took in all. */
  readonly read: number;
  readonly seconds: number;
  /** Images that the cache had. */
  readonly cached: number;
}

export interface Ocr {
  /** Engine, weights and recipe: pages with the same name are equal. */
  readonly engine: string;
  /**
   * What stands in an image. Engines start on the first image that the cache lacks; at most `threads` images are
   * in memory at a time, and equal images in flight are read once.
   * @throws what `load` throws; FettleError `image-invalid`, `ocr-failed`; the signal's reason.
   */
  read(image: ImageReference): Promise<OcrPage>;
  /** Ends the engines. They end with the process too. */
  close(): Promise<void>;
}

/** Optical character recognition of Latin script, in threads of its own. */
export function createOcr({ cache, threads = defaultThreads(), signal, onProgress }: OcrOptions = {}): Ocr {
  const engine = engineName(recipe);
  const pages = cache === null ? undefined : pageCache(cache ?? join(cacheFolder(), 'ocr'), engine);
  const readers = readerPool(threads);
  const inFlight = new Map<string, Promise<OcrPage>>();
  const progress = { read: 0, seconds: 0, cached: 0 };
  signal?.addEventListener('abort', () => void readers.close(), { once: true });

  const readNow = async (image: ImageReference, start: Start): Promise<OcrPage> => {
    const { whole, edge } = await prepareImage(image);
    const { readings, turned } = await start(async (reader) => ({
      readings: [await reader.read(whole.png, 'sparse'), await reader.read(whole.png, 'column')],
      turned: await reader.read(edge.png, 'sparse'),
    }));
    const words = mergeWords(readings.map((reading) => reading.filter((word) => isText(word, leastConfidence))));
    return {
      width: whole.width,
      height: whole.height,
      words: words.map((word) => inOriginal(word, whole)),
      vertical: linesOf(turned.filter((word) => isText(word, leastVerticalConfidence))),
    };
  };

  return {
    engine,
    async read(image) {
      signal?.throwIfAborted();
      return readers.use(async (start) => {
        const { sha256 } = await image.load();
        const known = await pages?.get(sha256);
        if (known !== undefined) {
          progress.cached += 1;
          onProgress?.({ ...progress });
          return known;
        }
        const other = inFlight.get(sha256);
        if (other !== undefined) return other;
        const reading = (async () => {
          const begin = performance.now();
          const page = await readNow(image, start);
          await pages?.put(sha256, page);
          progress.read += 1;
          progress.seconds += (performance.now() - begin) / 1000;
          onProgress?.({ ...progress });
          return page;
        })();
        inFlight.set(sha256, reading);
        try {
          return await raceAbort(reading, signal);
        } finally {
          inFlight.delete(sha256);
        }
      });
    },
    close: () => readers.close(),
  };
}

function defaultThreads(): number {
  return Math.min(4, Math.max(1, Math.floor(availableParallelism() / 2)));
}

/** A stopped engine answers no more. */
function raceAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  work.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

type Start = <T>(work: (reader: ReaderWorker) => Promise<T>) => Promise<T>;

/** At most `size` uses at a time, each with an engine of its own where it asks for one. */
function readerPool(size: number): { use<T>(act: (start: Start) => Promise<T>): Promise<T>; close(): Promise<void> } {
  const idle: { reader: ReaderWorker; reads: number }[] = [];
  const all = new Set<ReaderWorker>();
  const waiting: (() => void)[] = [];
  let free = size;
  let quiet: NodeJS.Timeout | undefined;
  const start: Start = async (work) => {
    let entry = idle.pop();
    if (entry === undefined) {
      entry = { reader: await startReader(), reads: 0 };
      all.add(entry.reader);
    }
    entry.reads += 1;
    const { reader, reads } = entry;
    try {
      const result = await work(reader);
      if (reads < readsPerWorker) idle.push(entry);
      else await drop(reader);
      clearTimeout(quiet);
      quiet = setTimeout(() => void Promise.all(idle.splice(0).map((unused) => drop(unused.reader))), idleMs);
      quiet.unref();
      return result;
    } catch (error) {
      await drop(reader);
      throw error;
    }
  };
  const drop = async (reader: ReaderWorker): Promise<void> => {
    all.delete(reader);
    await reader.stop();
  };
  return {
    async use(act) {
      if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      else free -= 1;
      try {
        return await act(start);
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
    async close() {
      clearTimeout(quiet);
      idle.length = 0;
      await Promise.all([...all].map(drop));
    },
  };
}

function isText({ text, confidence }: OcrWord, least: number): boolean {
  return confidence >= least && /[\p{L}\p{N}]/u.test(text);
}

function inOriginal(word: OcrWord, { scale }: PreparedImage): OcrWord {
  return {
    ...word,
    left: word.left / scale,
    top: word.top / scale,
    right: word.right / scale,
    bottom: word.bottom / scale,
  };
}

/** Lines of the turned edge; single characters are ticks lying on their side. */
function linesOf(words: readonly OcrWord[]): string[] {
  const lines: { middle: number; words: OcrWord[] }[] = [];
  for (const word of words) {
    const middle = (word.top + word.bottom) / 2;
    const line = lines.find((known) => Math.abs(known.middle - middle) < (word.bottom - word.top) / 2);
    if (line === undefined) lines.push({ middle, words: [word] });
    else line.words.push(word);
  }
  return lines
    .toSorted((a, b) => a.middle - b.middle)
    .map((line) => line.words.toSorted((a, b) => a.left - b.left))
    .map((sorted) => sorted.map(({ text }) => text).join(' '))
    .filter((text) => /\p{L}{3}/u.test(text));
}
