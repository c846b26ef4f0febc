import { decodeText, encodeText } from './hostile-text.ts';

const hex = /^(?:[0-9a-f]{2})+$/;

/** A lower-case hexadecimal key as bytes (half the size in rows and indexes); any other text as a text. */
export function encodeKey(key: string): string | Uint8Array {
  return hex.test(key) ? Buffer.from(key, 'hex') : encodeText(key);
}

export function decodeKey(stored: unknown): string {
  return stored instanceof Uint8Array
    ? Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).toString('hex')
    : decodeText(String(stored));
}
