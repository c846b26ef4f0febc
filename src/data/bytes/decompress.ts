import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { errorMessage, FettleError } from '../../core/index.ts';
import { byteCount } from './byte-count.ts';
import { peekStream } from './peek-stream.ts';

export interface DecompressOptions {
  /** For messages. */
  readonly label: string;
  /** Bytes that may come out at most. Default 64 GiB. */
  readonly maxBytes?: number | undefined;
  /** How many times larger than the input the output may be, once it passes 16 MiB. Default 1100: gzip's own maximum is 1032. */
  readonly maxRatio?: number | undefined;
}

/** Outputs below this size are harmless whatever their ratio. */
const ratioFloorBytes = 16 * 2 ** 20;

type Compression = 'gzip' | 'zstd';

/** What the first four bytes say. */
export function sniffCompression(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  return undefined;
}

/**
 * Undoes gzip or zstd where the first bytes say so; other bytes pass through.
 * A cut or damaged stream gives a FettleError `data-truncated` or `data-corrupt`, a bomb `data-too-large`.
 */
export async function* decompressed(
  chunks: AsyncIterable<Uint8Array>,
  { label, maxBytes = 64 * 2 ** 30, maxRatio = 1100 }: DecompressOptions,
): AsyncGenerator<Uint8Array> {
  const { head, stream } = await peekStream(chunks, 4);
  const compression = sniffCompression(head);
  if (compression === undefined) {
    yield* stream;
    return;
  }
  let taken = 0;
  let failure: unknown;
  const counted = async function* () {
    try {
      for await (const chunk of stream) {
        taken += chunk.length;
        yield chunk;
      }
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const options = { chunkSize: 256 * 1024 };
  const decoder = compression === 'gzip' ? createGunzip(options) : createZstdDecompress(options);
  const input = Readable.from(counted(), { objectMode: false, highWaterMark: 1 });
  input.on('error', (error) => decoder.destroy(error));
  let given = 0;
  try {
    for await (const chunk of input.pipe(decoder) as AsyncIterable<Uint8Array>) {
      given += chunk.length;
      if (given > maxBytes || (given > ratioFloorBytes && given > taken * maxRatio)) {
        throw bomb(label, given, taken, maxBytes, maxRatio);
      }
      yield chunk;
    }
  } catch (error) {
    if (failure !== undefined) throw failure;
    if (FettleError.isInstance(error)) throw error;
    const truncated = /unexpected end/i.test(errorMessage(error));
    throw new FettleError(
      `${label} ${truncated ? 'ends in the middle of its' : 'holds damaged'} ${compression} data: ${errorMessage(error)}`,
      {
        code: truncated ? 'data-truncated' : 'data-corrupt',
        where: label,
        hint: 'Fetch the file again.',
        cause: error,
      },
    );
  } finally {
    input.destroy();
    decoder.destroy();
  }
}

function bomb(label: string, given: number, taken: number, maxBytes: number, maxRatio: number): FettleError {
  const why =
    given > maxBytes
      ? `more than ${byteCount(maxBytes)}`
      : `more than ${maxRatio} times its compressed size (${byteCount(given)} from ${byteCount(taken)})`;
  return new FettleError(`${label} unpacks to ${why}; it looks like a decompression bomb`, {
    code: 'data-too-large',
    where: label,
    hint: 'If the file is right, unpack it yourself and give the unpacked file.',
  });
}
