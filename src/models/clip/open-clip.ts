import { join } from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { errorMessage, FettleError, type ImageReference, usageError } from '../../core/index.ts';
import { decodeImage, toPlanes, toSquare } from '../../data/index.ts';
import { truncateIds } from '../encoders/batches.ts';
import { openSession, openTokenizer } from '../encoders/onnx.ts';
import { mapWithin } from '../map-within.ts';
import { clipFiles, type ClipInfo } from './clip-files.ts';

export interface OpenClipOptions {
  /** Threads of one computation. One where absent. */
  readonly threads?: number | undefined;
  /** Texts or pictures of one computation. Default 64; a vector depends on the others of its batch by rounding alone. */
  readonly batch?: number | undefined;
}

export interface ClipCallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Pictures as the model takes them: [n, 3, size, size], RGB by planes. */
export interface PreparedPixels {
  readonly pixels: Uint8Array;
}

/** An image-text model in memory. */
export interface Clip {
  readonly name: string;
  readonly info: ClipInfo;
  /** Unit vectors, row after row: [texts.length, width]. Long texts are cut as the tokenizer's own library cuts them. */
  embedTexts(texts: readonly string[], options?: ClipCallOptions): Promise<Float32Array>;
  /**
   * Unit vectors, row after row: [n, width]. Pictures are resized with their shorter side to the model's size and cut to
   * the middle, with the same numbers as Pillow gives.
   */
  embedImages(images: readonly ImageReference[] | PreparedPixels, options?: ClipCallOptions): Promise<Float32Array>;
  /** Tokens that a text has, begin and end marks included. */
  tokensOf(text: string): number;
  release(): Promise<void>;
}

/**
 * Opens the ONNX files of an image-text model, which `fettle train … --onnx` writes. No Python is needed.
 *
 * Throws `encoder-missing` and `encoder-invalid`; `embedImages` throws what a broken picture throws.
 *
 * @example
 * const clip = await openClip('runs/clip/seed-0/model');
 * const [cat, dog] = [await clip.embedTexts(['a cat']), await clip.embedTexts(['a dog'])];
 */
export async function openClip(folder: string, { threads = 1, batch = 64 }: OpenClipOptions = {}): Promise<Clip> {
  const { name, folder: place, info } = await clipFiles(folder);
  const { imageSize: size, width, maxTokens, mean, std } = info;
  const pictureBytes = 3 * size * size;
  const ort = await import('onnxruntime-node');
  /** A file of the folder, or an error that names it. */
  async function opened<T>(file: string, problem: string, open: (path: string) => Promise<T>): Promise<T> {
    const path = join(place, file);
    try {
      return await open(path);
    } catch (cause) {
      throw new FettleError(`${file} cannot be ${problem}: ${errorMessage(cause)}`, {
        code: 'encoder-invalid',
        where: path,
        hint: 'Export the checkpoint again.',
        cause,
      });
    }
  }
  const tokenizer = await opened('tokenizer.json', 'read', openTokenizer);
  // Each tower is loaded by who needs it: texts are often embedded alone.
  const towers = new Map<string, Promise<InferenceSession>>();
  const tower = (file: 'vision.onnx' | 'text.onnx'): Promise<InferenceSession> => {
    const session = towers.get(file) ?? opened(file, 'loaded', (path) => openSession(path, threads));
    towers.set(file, session);
    // A failure is not kept: memory may be free, the file whole, the next time.
    session.catch(() => towers.get(file) === session && towers.delete(file));
    return session;
  };

  const run = async (session: InferenceSession, input: Tensor, rows: number): Promise<Float32Array> => {
    const outputs = await session.run({ [session.inputNames[0] ?? '']: input }).catch((cause: unknown) => {
      throw new FettleError(`The exported model cannot be run: ${errorMessage(cause)}`, {
        code: 'encoder-invalid',
        where: place,
        hint: 'Export the checkpoint again; clip.json has to be the one of these files.',
        cause,
      });
    });
    const output = outputs[session.outputNames[0] ?? ''];
    if (!(output?.data instanceof Float32Array) || output.data.length !== rows * width) {
      throw new FettleError(
        `The model gives ${output?.dims.join(' x ')} numbers where ${rows} x ${width} were expected`,
        {
          code: 'encoder-invalid',
          where: place,
          hint: 'Export the checkpoint again.',
        },
      );
    }
    return output.data;
  };
  const inBatches = async (
    total: number,
    { signal, onProgress }: ClipCallOptions,
    work: (from: number, to: number) => Promise<Float32Array>,
  ): Promise<Float32Array> => {
    const vectors = new Float32Array(total * width);
    for (let from = 0; from < total; from += batch) {
      signal?.throwIfAborted();
      const to = Math.min(from + batch, total);
      vectors.set(await work(from, to), from * width);
      onProgress?.(to, total);
    }
    return vectors;
  };
  const idsOf = (value: string): readonly number[] => truncateIds(tokenizer.encode(value).ids, maxTokens);

  return {
    name,
    info,
    tokensOf: (value) => idsOf(value).length,
    async embedTexts(texts, options = {}) {
      const session = await tower('text.onnx');
      return inBatches(texts.length, options, (from, to) => {
        const data = new BigInt64Array((to - from) * maxTokens).fill(BigInt(info.padToken));
        for (let row = from; row < to; row++) {
          for (const [place_, id] of idsOf(texts[row] ?? '').entries())
            data[(row - from) * maxTokens + place_] = BigInt(id);
        }
        return run(session, new ort.Tensor('int64', data, [to - from, maxTokens]), to - from);
      });
    },
    async embedImages(images, options = {}) {
      const session = await tower('vision.onnx');
      const total = 'pixels' in images ? images.pixels.length / pictureBytes : images.length;
      if (!Number.isInteger(total)) {
        throw usageError(`The pixels are no whole pictures of ${size} x ${size}`, {
          hint: `Each picture takes ${pictureBytes} bytes: three planes of ${size} x ${size}.`,
        });
      }
      return inBatches(total, options, async (from, to) => {
        const pixels =
          'pixels' in images
            ? images.pixels.subarray(from * pictureBytes, to * pictureBytes)
            : await squares(images.slice(from, to), size);
        const data = new Float32Array((to - from) * pictureBytes);
        const plane = size * size;
        for (let place_ = 0; place_ < data.length; place_++) {
          const channel = Math.floor(place_ / plane) % 3;
          data[place_] = ((pixels[place_] ?? 0) / 255 - (mean[channel] ?? 0)) / (std[channel] ?? 1);
        }
        return run(session, new ort.Tensor('float32', data, [to - from, 3, size, size]), to - from);
      });
    },
    async release() {
      const opened = [...towers.values()];
      towers.clear();
      for (const session of opened) await (await session.catch(() => undefined))?.release();
    },
  };
}

/** A decoded picture can take a hundred times the bytes of its file, so few are held at once. */
const decodedAtOnce = 4;

async function squares(images: readonly ImageReference[], size: number): Promise<Uint8Array> {
  const pixels = new Uint8Array(images.length * 3 * size * size);
  await mapWithin(images, decodedAtOnce, async (image, row) => {
    toPlanes(toSquare(await decodeImage(image), size), pixels, row * 3 * size * size);
  });
  return pixels;
}
