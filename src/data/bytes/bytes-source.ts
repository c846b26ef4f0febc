import type { ByteSource } from './byte-source.ts';
import { defaultMaxBytes, tooLarge } from './collect.ts';

/** Bytes that are in memory already, as a source. */
export function bytesSource(content: Uint8Array | string, name: string, label: string = name): ByteSource {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return {
    label,
    name,
    size: bytes.length,
    async *stream() {
      if (bytes.length > 0) yield bytes;
    },
    async bytes({ maxBytes = defaultMaxBytes } = {}) {
      if (bytes.length > maxBytes) throw tooLarge(label, bytes.length, maxBytes);
      return bytes;
    },
    async range(start, end) {
      return bytes.subarray(start, end);
    },
  };
}
