import { rm } from 'node:fs/promises';
import { FettleError, type EmbedRequest, type EmbedResponse, type ImageReference } from '../../core/index.ts';
import { type EngineCall, readVectors } from '../../engine/index.ts';
import { type BatchOutcome, createBatchQueue, inHalves } from '../batch-queue.ts';
import { createVectorCache } from '../encoders/vector-cache.ts';
import { mapWithin } from '../map-within.ts';
import { embedResultOf } from './answers.ts';
import type { EngineFiles, HeldImage } from './engine-files.ts';

type Item = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'image'; readonly image: HeldImage };

interface Embedded {
  readonly vector: Float32Array;
  readonly tokens: number;
  readonly scale: number | undefined;
}

export interface EmbedderOptions {
  /** As the engine knows the model. */
  readonly model: string;
  readonly batch: number;
  readonly windowMs: number;
  readonly files: EngineFiles;
  ask(call: EngineCall, signal: AbortSignal): Promise<Record<string, unknown>>;
  /** Whether a failure of a batch can be the fault of one of its items. */
  mayBePart(error: unknown): boolean;
}

/**
 * Embeds by the engine: texts and images of all calls go through one queue, `batch` at a time, each text and image once
 * while it is remembered (20,000 vectors). A picture that cannot be read fails its own call alone.
 */
export function createEmbedder(
  options: EmbedderOptions,
): (request: EmbedRequest, signal: AbortSignal | undefined) => Promise<EmbedResponse> {
  const { model, batch, files } = options;
  const cache = createVectorCache();
  let scale: number | undefined;

  async function compute(items: readonly Item[], signal: AbortSignal): Promise<BatchOutcome<Embedded>[]> {
    // Prompts of classes are asked for by many calls at once; each is computed once.
    const texts = new Map<string, number>();
    const paths = new Map<string, number>();
    const places = items.map((item) => {
      const [seen, key] = item.kind === 'text' ? [texts, item.text] : [paths, item.image.path];
      const place = seen.get(key) ?? seen.size;
      seen.set(key, place);
      return place;
    });
    const call: EngineCall = {
      op: 'embed',
      model,
      texts: [...texts.keys()],
      images: paths.size === 0 ? null : { paths: [...paths.keys()] },
      out: await files.folder(),
      batch,
    };
    const result = embedResultOf(await options.ask(call, signal));
    const { width } = result;
    let tensors: Readonly<Record<string, Float32Array>>;
    try {
      tensors = await readVectors(result.vectors);
    } finally {
      await rm(result.vectors, { force: true });
    }
    const rows = { text: tensors['texts'], image: tensors['images'] };
    if (rows.text?.length !== texts.size * width || rows.image?.length !== paths.size * width) {
      throw new FettleError(`The engine gave vectors of another number than was asked for`, {
        code: 'engine-protocol',
        where: result.vectors,
      });
    }
    return items.map(({ kind }, i) => {
      const place = places[i] ?? 0;
      const vector = rows[kind]?.slice(place * width, (place + 1) * width) ?? new Float32Array();
      return { value: { vector, tokens: kind === 'text' ? (result.textTokens[place] ?? 0) : 0, scale: result.scale } };
    });
  }

  const queue = createBatchQueue<Item, Embedded>({
    limit: batch,
    windowMs: options.windowMs,
    work: inHalves(compute, options.mayBePart),
    onLeave: (item) => {
      if (item.kind === 'image') files.release(item.image);
    },
  });

  async function textVector(text: string, signal: AbortSignal | undefined): Promise<[number[], number]> {
    // The count of tokens is remembered behind the vector.
    let row = cache.get(`text ${text}`);
    if (row === undefined) {
      const { vector, tokens, scale: told } = await queue.add({ kind: 'text', text }, signal);
      scale = told ?? scale;
      row = Float32Array.of(...vector, tokens);
      cache.set(`text ${text}`, row);
    }
    return [[...row.subarray(0, -1)], row.at(-1) ?? 0];
  }

  async function imageVector(image: ImageReference, signal: AbortSignal | undefined): Promise<number[]> {
    signal?.throwIfAborted();
    const { sha256 } = await image.load();
    const found = cache.get(`image ${sha256}`);
    if (found !== undefined) return [...found];
    const held = await files.hold(image);
    const { vector, scale: told } = await queue.add({ kind: 'image', image: held }, signal);
    scale = told ?? scale;
    cache.set(`image ${sha256}`, vector);
    return [...vector];
  }

  return async ({ texts, images }, signal) => {
    signal?.throwIfAborted();
    // Twice a batch at once: while one is computed, the next is made ready.
    const [ofTexts, ofImages] = await Promise.all([
      Promise.all(texts.map((text) => textVector(text, signal))),
      mapWithin(images ?? [], 2 * batch, (image) => imageVector(image, signal)),
    ]);
    return {
      vectors: ofTexts.map(([vector]) => vector),
      ...(images === undefined ? {} : { imageVectors: ofImages }),
      ...(scale === undefined ? {} : { scale }),
      usage: { inputTokens: ofTexts.reduce((sum, [, tokens]) => sum + tokens, 0), outputTokens: 0 },
    };
  };
}
