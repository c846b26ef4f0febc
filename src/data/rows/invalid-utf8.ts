import { isUtf8 } from 'node:buffer';

/** Offset of the first byte that is not part of a UTF-8 sequence, -1 where all are. */
export function invalidUtf8Offset(bytes: Uint8Array): number {
  if (isUtf8(bytes)) return -1;
  let low = 0;
  let high = bytes.length;
  // The longest valid prefix: validity of a prefix is monotone once cut sequences at its end are allowed.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (validPrefix(bytes, middle)) low = middle;
    else high = middle;
  }
  // A sequence that is begun rightly but not ended counts from its beginning.
  return low - cutSequenceLength(bytes.subarray(0, low));
}

/** How many bytes at the end begin a UTF-8 sequence without ending it. */
export function cutSequenceLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

function validPrefix(bytes: Uint8Array, end: number): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    decoder.decode(bytes.subarray(0, end), { stream: true });
    return true;
  } catch {
    return false;
  }
}
