import type { Model } from '../../../core/index.ts';
import { pythonStrip } from '../../../metrics/python/index.ts';

/**
 * The toy encoder that the golden file defines: 64 places, the first starts at 1; each window of three characters of
 * "^" + lower-cased, stripped text + "$" adds 1 or -1 at the place that its FNV-1a hash (with the encoder's name) gives.
 */
export function toyVector(text: string, encoder: string): number[] {
  const vector: number[] = [1, ...Array.from({ length: 63 }, () => 0)];
  const characters = [...`^${pythonStrip(text).toLowerCase()}$`];
  for (let i = 0; i + 3 <= characters.length; i++) {
    let h = 0x811c9dc5;
    for (const byte of Buffer.from(`${encoder}\0${characters.slice(i, i + 3).join('')}`)) {
      h = Math.imul(h ^ byte, 0x01000193) >>> 0;
    }
    vector[h % 64] = (vector[h % 64] as number) + (((h >>> 16) & 1) === 0 ? 1 : -1);
  }
  return vector;
}

export const toyEmbedder: Model = {
  id: 'toy',
  identity: 'toy',
  endpoint: 'toy',
  generate: () => Promise.reject(new Error('an encoder')),
  embed: async ({ texts, encoder = '' }) => ({ vectors: texts.map((text) => toyVector(text, encoder)), usage: {} }),
};
