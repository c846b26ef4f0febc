import type { EmbedResponse } from '../../core/index.ts';
import type { EncoderFiles } from './resolve-encoder.ts';
import { loadSentenceEncoder, type SentenceEncoder } from './sentence-encoder.ts';
import { createVectorCache } from './vector-cache.ts';

/** An encoder that is loaded with its first text and reads no text twice. */
export interface CachedEncoder {
  embed(texts: readonly string[], signal: AbortSignal | undefined): Promise<EmbedResponse>;
  release(): Promise<void>;
}

export function createCachedEncoder(files: EncoderFiles, threads: number): CachedEncoder {
  const cache = createVectorCache();
  let loading: Promise<SentenceEncoder> | undefined;
  return {
    async embed(texts, signal) {
      const missing = [...new Set(texts)].filter((text) => cache.get(text) === undefined);
      const found = new Map<string, Float32Array>();
      let inputTokens = 0;
      if (missing.length > 0) {
        loading ??= loadSentenceEncoder(files, threads);
        const { vectors, tokens } = await (await loading).encode(missing, signal);
        inputTokens = tokens;
        for (const [index, text] of missing.entries()) {
          const vector = vectors[index] ?? new Float32Array();
          found.set(text, vector);
          cache.set(text, vector);
        }
      }
      const vectorOf = (text: string): number[] => [...(found.get(text) ?? cache.get(text) ?? [])];
      return { vectors: texts.map(vectorOf), usage: { inputTokens, outputTokens: 0 } };
    },
    async release() {
      const loaded = await loading?.catch(() => undefined);
      await loaded?.release();
    },
  };
}
