import type { FileHandle } from 'node:fs/promises';
import { FettleError } from '../../core/index.ts';

/** Reads exactly bytes `start` to `end`; a FettleError `data-truncated` where the file ends before. */
export async function readFileRange(
  handle: FileHandle,
  label: string,
  start: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const buffer = new Uint8Array(Math.max(0, end - start));
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) {
      throw new FettleError(`${label} ends after ${start + filled} bytes, ${end} were expected`, {
        code: 'data-truncated',
        where: label,
        hint: 'The file is incomplete: fetch it again.',
      });
    }
    filled += bytesRead;
  }
  return buffer;
}

/** Small enough that a chunk's text stays in the processor's cache and in V8's ordinary pages. */
const chunkBytes = 64 * 1024;

/** Streams bytes `start` to `end`, or to the end of the file, reading one chunk ahead. */
export async function* streamFileRange(
  handle: FileHandle,
  start: number,
  end: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  let position = start;
  const read = () => {
    const wanted = Math.min(chunkBytes, end - position);
    const reading = handle.read(Buffer.allocUnsafeSlow(wanted), 0, wanted, position);
    // A failure is met when the chunk's turn comes.
    reading.catch(() => undefined);
    return reading;
  };
  let ahead = position < end ? read() : undefined;
  try {
    while (ahead !== undefined) {
      const { buffer, bytesRead }: { buffer: Buffer; bytesRead: number } = await ahead;
      ahead = undefined;
      if (bytesRead === 0) return;
      position += bytesRead;
      if (position < end) ahead = read();
      yield bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead);
    }
  } finally {
    // The handle must not be closed under a read that is under way.
    await ahead?.catch(() => undefined);
  }
}
