import { hash } from 'node:crypto';

/** Vectors by text, for one process; the least recently used are forgotten. */
export interface VectorCache {
  get(text: string): Float32Array | undefined;
  set(text: string, vector: Float32Array): void;
}

/** `limit` vectors of 384 numbers take about 1.6 kB each. Texts are kept as hashes. */
export function createVectorCache(limit = 20_000): VectorCache {
  const vectors = new Map<string, Float32Array>();
  const keyOf = (text: string): string => hash('sha256', text, 'base64');
  const put = (key: string, vector: Float32Array): void => {
    vectors.delete(key);
    vectors.set(key, vector);
    if (vectors.size > limit) for (const oldest of vectors.keys()) return void vectors.delete(oldest);
  };
  return {
    get(text) {
      const key = keyOf(text);
      const vector = vectors.get(key);
      if (vector !== undefined) put(key, vector);
      return vector;
    },
    set: (text, vector) => put(keyOf(text), vector),
  };
}
