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

const firstChunkBytes = 64 * 1024;
const chunkBytes = 256 * 1024;

/** Streams bytes `start` to `end`, or to the end of the file. The first chunk is small, so that a first row comes soon. */
export async function* streamFileRange(
  handle: FileHandle,
  start: number,
  end: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  let position = start;
  let size = firstChunkBytes;
  while (position < end) {
    const wanted = Math.min(size, end - position);
    const buffer = Buffer.allocUnsafeSlow(wanted);
    const { bytesRead } = await handle.read(buffer, 0, wanted, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    size = chunkBytes;
    yield bytesRead === wanted ? buffer : buffer.subarray(0, bytesRead);
  }
}
