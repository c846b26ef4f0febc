import { usageError, type Model } from '../core/index.ts';
import { refuseImages } from './refuse-images.ts';

export const defaultEncoder = 'all-MiniLM-L6-v2';

/**
 * A toy encoder that stands in for a sentence encoder where only the arithmetic around it matters.
 * Of "^" + the stripped, lower-cased text + "$", every window of three code points is hashed together with the
 * encoder's name (FNV-1a, 32 bits) and adds +1 or −1 at one of 64 places; the first place starts at 1.
 */
export function ngramVector(text: string, encoder: string): number[] {
  const vector: number[] = Array.from({ length: 64 }, () => 0);
  vector[0] = 1;
  const characters = [...`^${stripLikePython(text).toLowerCase()}$`];
  for (let i = 0; i + 3 <= characters.length; i++) {
    const window = characters.slice(i, i + 3).join('');
    const h = fnv1a32(Buffer.from(`${encoder}\0${window}`, 'utf8'));
    const place = h % 64;
    vector[place] = (vector[place] ?? 0) + (((h >>> 16) & 1) === 0 ? 1 : -1);
  }
  return vector;
}

/** The encoder as a model that embeds and does nothing else. */
export function createNgramEncoder(id: string): Model {
  return {
    id,
    identity: { provider: 'test', name: 'ngram', version: 1 },
    endpoint: 'test:ngram',
    generate: () => Promise.reject(usageError(`${id} is an encoder: it embeds texts and cannot generate.`)),
    async embed(request) {
      refuseImages(request, id);
      const { texts, encoder = defaultEncoder } = request;
      const inputTokens = texts.reduce((sum, text) => sum + (text.match(/\S+/g)?.length ?? 0), 0);
      return { vectors: texts.map((text) => ngramVector(text, encoder)), usage: { inputTokens, outputTokens: 0 } };
    },
  };
}

/** Python's str.strip also takes the separators 0x1C–0x1F and 0x85, and leaves the byte order mark. */
function stripLikePython(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/^(?:(?!\ufeff)[\s\u001c-\u001f\u0085])+|(?:(?!\ufeff)[\s\u001c-\u001f\u0085])+$/g, '');
}

/** G. Fowler, L. C. Noll, K.-P. Vo: FNV-1a with 32 bits. */
function fnv1a32(bytes: Uint8Array): number {
  let h = 0x811c9dc5;
  for (const byte of bytes) h = Math.imul(h ^ byte, 0x01000193) >>> 0;
  return h;
}
