import { FettleError, type ImageReference, usageError, type Model } from '../../core/index.ts';
import { type BatchQueue, createBatchQueue, inHalves } from '../batch-queue.ts';
import { mapWithin } from '../map-within.ts';
import { packageVersion } from '../package-version.ts';
import { createVectorCache } from '../encoders/vector-cache.ts';
import { clipFiles } from './clip-files.ts';
import { type Clip, openClip, type OpenClipOptions } from './open-clip.ts';

export interface CreateClipOptions extends OpenClipOptions {
  /** As the user names it; `clip:FOLDER` where absent. */
  readonly id?: string | undefined;
}

/** Calls that are collected into one computation. */
const together = 64;

/**
 * An exported CLIP or SigLIP as a model of a run: `embed` places texts and images in one space. Requests that arrive
 * together are computed together; each text and picture is computed once a process.
 *
 * Throws `encoder-missing` and `encoder-invalid`. `generate` always throws.
 */
export async function createClip(
  folder: string,
  options: CreateClipOptions = {},
): Promise<Model & Required<Pick<Model, 'embed'>>> {
  const { info, name } = await clipFiles(folder);
  const cache = createVectorCache();
  let loading: Promise<Clip> | undefined;
  const clip = async (): Promise<Clip> => {
    loading ??= openClip(folder, options);
    try {
      return await loading;
    } catch (error) {
      // Files may be put right; the next call looks again.
      loading = undefined;
      throw error;
    }
  };

  const queueOf = <Item>(
    compute: (batch: readonly Item[], signal: AbortSignal) => Promise<Float32Array>,
  ): BatchQueue<Item, Float32Array> =>
    createBatchQueue({
      limit: together,
      windowMs: 0,
      work: inHalves(
        async (batch, signal) => rowsOf(await compute(batch, signal), info.width).map((value) => ({ value })),
        // A model that cannot be run fails for every picture; a broken picture fails by itself.
        (error) => !(FettleError.isInstance(error) && error.code.startsWith('encoder-')),
      ),
    });
  const texts = queueOf<string>(async (batch, signal) => (await clip()).embedTexts(batch, { signal }));
  const images = queueOf<ImageReference>(async (batch, signal) => (await clip()).embedImages(batch, { signal }));
  const known = async (key: string, make: () => Promise<Float32Array>): Promise<number[]> => {
    const found = cache.get(key);
    if (found !== undefined) return [...found];
    const vector = await make();
    cache.set(key, vector);
    return [...vector];
  };

  return {
    id: options.id ?? `clip:${folder}`,
    identity: {
      name,
      // All of clip.json: scale, padding and normalisation change answers as much as weights do.
      ...info,
      kind: 'image-text-encoder',
      model: info.kind,
      engine: `onnxruntime-node ${await packageVersion('onnxruntime-node')}`,
    },
    endpoint: `clip:${info.sha256['vision.onnx']}`,
    maxConcurrency: together,
    async generate() {
      throw usageError(`${name} embeds images and texts and cannot generate text`, {
        code: 'encoder-cannot-generate',
        hint: 'Use it with the benchmarks of image-text models, or as --embedder.',
      });
    },
    async embed(request, { signal } = {}) {
      signal?.throwIfAborted();
      const opened = await clip();
      const inputTokens = request.texts.reduce((sum, text) => sum + opened.tokensOf(text), 0);
      const [vectors, imageVectors] = await Promise.all([
        Promise.all(request.texts.map((text) => known(`text ${text}`, () => texts.add(text, signal)))),
        mapWithin(request.images ?? [], together, async (image) => {
          signal?.throwIfAborted();
          const { sha256 } = await image.load();
          return known(`image ${sha256}`, () => images.add(image, signal));
        }),
      ]);
      return {
        vectors,
        ...(request.images === undefined ? {} : { imageVectors }),
        scale: info.scale,
        usage: { inputTokens, outputTokens: 0 },
      };
    },
    async close() {
      await (await loading?.catch(() => undefined))?.release();
      loading = undefined;
    },
  };
}

function rowsOf(vectors: Float32Array, width: number): Float32Array[] {
  return Array.from({ length: vectors.length / width }, (_, row) => vectors.slice(row * width, (row + 1) * width));
}
