import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Loopback {
  readonly origin: string;
  /** Every request so far: path and headers. */
  readonly requests: { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

/** A server on a free port of 127.0.0.1 that keeps what it was asked. For tests. */
export async function loopback(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Loopback> {
  const requests: Loopback['requests'] = [];
  const server: Server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface ServeOptions {
  readonly etag?: string | undefined;
  /** Cut the connection after so many bytes of this answer. */
  readonly cutAfter?: number | undefined;
  /** Answer 200 with everything, whatever range is asked. */
  readonly ignoreRange?: boolean | undefined;
  /** Say no length, so that only the end of the chunked body tells. */
  readonly noLength?: boolean | undefined;
}

/** Serves bytes as a file server does: ranges, If-Range, ETag; and cuts, as bad networks do. */
export function serve(
  request: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  { etag, cutAfter, ignoreRange = false, noLength = false }: ServeOptions = {},
): void {
  const wanted = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  const condition = request.headers['if-range'];
  const isPart = wanted !== undefined && !ignoreRange && (condition === undefined || condition === etag);
  const start = isPart ? Number(wanted) : 0;
  if (etag !== undefined) response.setHeader('etag', etag);
  if (isPart && start >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  const body = content.subarray(start);
  if (!noLength) response.setHeader('content-length', body.length);
  if (isPart) response.setHeader('content-range', `bytes ${start}-${content.length - 1}/${content.length}`);
  response.writeHead(isPart ? 206 : 200);
  if (cutAfter === undefined || cutAfter >= body.length) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 3));
  if (cutAfter === 0) response.flushHeaders();
}
