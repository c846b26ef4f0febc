import type { Readable } from 'node:stream';

/** Chunks that may wait before the stream is paused. */
const maxWaiting = 16;

/**
 * The chunks of a stream. Unlike a stream's own iterator it gives everything that arrived before an error,
 * so that a cut connection costs none of what it brought. It listens from the call on, before the first chunk is asked for.
 */
export function receivedChunks(body: Readable): AsyncGenerator<Uint8Array> {
  const waiting: Uint8Array[] = [];
  let failure: { readonly error: unknown } | undefined = body.errored === null ? undefined : { error: body.errored };
  let ended = false;
  let closed = body.closed;
  let wake = (): void => undefined;
  body.on('data', (chunk: Uint8Array) => {
    waiting.push(chunk);
    if (waiting.length >= maxWaiting) body.pause();
    wake();
  });
  body.on('end', () => {
    ended = true;
    wake();
  });
  body.on('error', (error: unknown) => {
    failure ??= { error };
    wake();
  });
  body.on('close', () => {
    closed = true;
    wake();
  });
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    try {
      while (true) {
        const chunk = waiting.shift();
        if (chunk !== undefined) {
          if (waiting.length === 0) body.resume();
          yield chunk;
        } else if (failure !== undefined) throw failure.error;
        else if (ended) return;
        else if (closed) throw Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      body.destroy();
    }
  };
  return chunks();
}
