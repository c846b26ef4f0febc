import { FettleError } from '../../core/index.ts';
import { peekStream } from '../bytes/peek-stream.ts';

/**
 * Makes any Unicode text into UTF-8 chunks without a byte order mark.
 * UTF-8 bytes pass through unchecked; UTF-16 is recognised by its mark alone and transcoded.
 */
export async function* textChunks(
  chunks: AsyncIterable<Uint8Array>,
  { label, encoding }: { label: string; encoding: 'strict' | 'lenient' },
): AsyncGenerator<Uint8Array> {
  const { head, stream } = await peekStream(chunks, 3);
  const utf16 =
    head[0] === 0xff && head[1] === 0xfe ? 'utf-16le' : head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : undefined;
  if (utf16 !== undefined) {
    yield* transcoded(stream, utf16, label, encoding);
    return;
  }
  let skip = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  for await (const chunk of stream) {
    yield skip > 0 ? chunk.subarray(skip) : chunk;
    skip = 0;
  }
}

async function* transcoded(
  chunks: AsyncIterable<Uint8Array>,
  from: 'utf-16le' | 'utf-16be',
  label: string,
  encoding: 'strict' | 'lenient',
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(from, { fatal: encoding === 'strict' });
  let offset = 0;
  const decode = (chunk?: Uint8Array): Uint8Array => {
    try {
      return Buffer.from(chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true }), 'utf8');
    } catch (cause) {
      throw new FettleError(`${label} starts as ${from.toUpperCase()}, but holds invalid units after byte ${offset}`, {
        code: 'data-encoding',
        where: label,
        hint: 'Save the file as UTF-8.',
        cause,
      });
    }
  };
  for await (const chunk of chunks) {
    const text = decode(chunk);
    if (text.length > 0) yield text;
    offset += chunk.length;
  }
  const rest = decode();
  if (rest.length > 0) yield rest;
}
