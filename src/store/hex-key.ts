const hex = /^(?:[0-9a-f]{2})+$/;

/** A lower-case hexadecimal key as bytes (half the size in rows and indexes); any other text as it is. */
export function encodeKey(key: string): string | Uint8Array {
  return hex.test(key) ? Buffer.from(key, 'hex') : key;
}

export function decodeKey(stored: unknown): string {
  return stored instanceof Uint8Array
    ? Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).toString('hex')
    : String(stored);
}
