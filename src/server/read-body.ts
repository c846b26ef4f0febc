import type { IncomingMessage } from 'node:http';
import { ApiError, badRequest } from './api-error.ts';

/**
 * The JSON of a request, read from its connection: as a web stream it would cost more than the rest of a request.
 * Throws the ApiError 413 beyond `maxBytes`, before anything is read where the request says its length.
 */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<unknown> {
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    const end = (settle: () => void): void => {
      incoming.off('data', onData).off('end', onEnd).off('error', reject).off('close', onClose);
      settle();
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else end(() => reject(tooLarge(maxBytes)));
    };
    const onEnd = (): void => end(resolve);
    const onClose = (): void =>
      end(() => reject(badRequest('The request ended before its body did.', null, 'invalid_json')));
    incoming.on('data', onData).once('end', onEnd).once('error', reject).once('close', onClose);
  });
  try {
    return JSON.parse(Buffer.concat(chunks, bytes).toString('utf8'));
  } catch {
    // The parser's own message quotes the text.
    throw badRequest('The body is not JSON.', null, 'invalid_json');
  }
}

function tooLarge(maxBytes: number): ApiError {
  return new ApiError(`The request is larger than ${maxBytes} bytes.`, {
    status: 413,
    type: 'invalid_request_error',
    code: 'request_too_large',
  });
}
