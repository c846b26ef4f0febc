import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { errorMessage, FettleError } from '../../core/index.ts';
import type { OcrWord } from './ocr-page.ts';

const require = createRequire(import.meta.url);

/**
 * How the engine looks for text. `sparse` finds it in any place and misses single numbers beside bars; `column`, which
 * takes the picture for lines of different sizes, finds those and misses others.
 */
export type Segmentation = 'sparse' | 'column';

const segmentationModes = { sparse: '11', column: '4' } as const;

/** Name of the engine and its weights: what it reads depends on both, and on `recipe`, how pictures are prepared. */
export function engineName(recipe: number): string {
  const version = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;
  return `tesseract.js-${version('tesseract.js')}_eng-${version('@tesseract.js-data/eng')}_recipe-${recipe}`;
}

/** One engine in a thread of its own. It keeps the process alive only while it reads. */
export interface ReaderWorker {
  /** Words of a PNG, in its pixels. @throws where the engine fails; the worker is of no use afterwards. */
  read(png: Uint8Array, segmentation: Segmentation): Promise<OcrWord[]>;
  stop(): Promise<void>;
}

/** Starts an engine: about 100 MB of memory. Nothing is fetched: weights and program lie in npm packages. */
export async function startReader(): Promise<ReaderWorker> {
  const { default: tesseract } = await import('tesseract.js');
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => (fail = reject));
  // Awaited only in races.
  failed.catch(() => undefined);
  const creating = tesseract.createWorker('eng', tesseract.OEM.LSTM_ONLY, {
    langPath: join(dirname(require.resolve('@tesseract.js-data/eng/package.json')), '4.0.0_best_int'),
    cacheMethod: 'none',
    gzip: true,
    // Without a handler the library throws where nobody can catch it, and creation may wait for ever.
    errorHandler: (error: unknown) => fail(readerError(error)),
  });
  const engine = await Promise.race([creating, failed]).catch((error: unknown) => {
    throw readerError(error);
  });
  // The library shows its thread without a type for it.
  const { worker: thread } = engine as typeof engine & { readonly worker: Worker };
  thread.on('error', (error) => fail(readerError(error)));
  thread.on('exit', () => fail(readerError('its thread has ended')));
  // Else it prints remarks of no use on stderr. The parameter is the engine's and not in the types.
  await Promise.race([engine.setParameters({ ...({ debug_file: '/dev/null' } as object) }), failed]);
  thread.unref();
  return {
    async read(png, segmentation) {
      thread.ref();
      try {
        const mode = segmentationModes[segmentation] as (typeof tesseract.PSM)['SPARSE_TEXT' | 'SINGLE_COLUMN'];
        await Promise.race([engine.setParameters({ tessedit_pageseg_mode: mode }), failed]);
        const { data } = await Promise.race([
          engine.recognize(Buffer.from(png), {}, { text: false, blocks: true }),
          failed,
        ]);
        return (data.blocks ?? []).flatMap(({ paragraphs }) =>
          paragraphs.flatMap(({ lines }) => lines.flatMap(({ words }) => words.map(toWord))),
        );
      } finally {
        thread.unref();
      }
    },
    async stop() {
      await engine.terminate();
    },
  };
}

function toWord({
  text,
  confidence,
  bbox,
}: {
  text: string;
  confidence: number;
  bbox: { x0: number; y0: number; x1: number; y1: number };
}): OcrWord {
  return { text, confidence, left: bbox.x0, top: bbox.y0, right: bbox.x1, bottom: bbox.y1 };
}

function readerError(cause: unknown): FettleError {
  if (FettleError.isInstance(cause)) return cause as FettleError;
  return new FettleError(`The engine that reads charts failed: ${errorMessage(cause)}`, {
    code: 'ocr-failed',
    hint: 'Is the package tesseract.js installed whole? `npm install` mends it.',
    cause,
  });
}
