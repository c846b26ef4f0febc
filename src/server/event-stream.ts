import type { ServerResponse } from 'node:http';

/** One answer as server-sent events. After the reader has gone, everything is swallowed. */
export interface EventStream {
  /** Resolves when the reader can take more. */
  send(data: string): Promise<void>;
  end(): void;
}

/**
 * Begins the answer. While nothing is sent, a comment goes out every `keepAliveMs`: proxies cut connections that are
 * silent, and a method may work for minutes before its answer is there.
 */
export function openEventStream(
  outgoing: ServerResponse,
  headers: Readonly<Record<string, string>>,
  keepAliveMs: number,
): EventStream {
  outgoing.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    // nginx would gather the pieces otherwise.
    'x-accel-buffering': 'no',
    ...headers,
  });
  outgoing.flushHeaders();
  const timer = setInterval(() => {
    // A reader that takes nothing is not sent more of nothing.
    if (outgoing.writableLength === 0) outgoing.write(': keep-alive\n\n');
  }, keepAliveMs);
  outgoing.once('close', () => clearInterval(timer));
  return {
    send(data) {
      timer.refresh();
      if (outgoing.destroyed || outgoing.write(`data: ${data}\n\n`)) return Promise.resolve();
      return new Promise((resolve) => {
        const go = (): void => {
          outgoing.off('drain', go);
          outgoing.off('close', go);
          resolve();
        };
        outgoing.once('drain', go);
        outgoing.once('close', go);
      });
    },
    end() {
      clearInterval(timer);
      outgoing.end();
    },
  };
}
