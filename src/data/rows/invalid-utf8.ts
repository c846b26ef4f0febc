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
  return low;
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
