import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { errorMessage, type FettleError, usageError } from '../core/index.ts';
import type { Serving } from '../workbench/serving/index.ts';
import { createAccess } from './access.ts';
import { overloaded } from './api-error.ts';
import { createApp } from './app.ts';
import { createChatRoute } from './chat-route.ts';
import { createFairQueue } from './fair-queue.ts';
import type { RequestLog } from './request-log.ts';

export interface ServerOptions {
  readonly serving: Serving;
  /** Any other than one of this machine needs a token. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly token?: string | undefined;
  /** Requests that wait for a place, at most. */
  readonly queue: number;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  /** 10 s where absent. */
  readonly keepAliveMs?: number | undefined;
  /** 1 s where absent. */
  readonly graceMs?: number | undefined;
  readonly onLog?: ((log: RequestLog) => void) | undefined;
}

export interface RunningServer {
  /** What a client takes as its base address: `http://127.0.0.1:8400/v1`. */
  readonly address: string;
  readonly active: number;
  readonly waiting: number;
  /** Takes nothing new, sends away what waits; resolves when the last answer is out. */
  drain(): Promise<void>;
  /** Ends what `drain` waits for. */
  stop(): void;
}

/** Between two looks at connections that have nothing left to do. */
const idleCheckMs = 100;

/** What is left of connections after `stop`, so that the last errors still arrive. */
const farewellMs = 250;

/**
 * Says before models are loaded and a run is begun what would keep the server from listening.
 *
 * @throws usage error, as `startServer` does
 */
export async function assertCanListen(options: Pick<ServerOptions, 'host' | 'port' | 'token'>): Promise<void> {
  const { host, port, token } = options;
  createAccess({ host, token });
  const probe = createServer();
  await listen(probe, port, host);
  probe.close();
  await once(probe, 'close');
}

/** Listens. Throws a usage error where that cannot be. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { serving, host, token, onLog = () => undefined } = options;
  const access = createAccess({ host, token });
  const queue = createFairQueue({ places: serving.concurrency, queue: options.queue });
  const active = new Set<AbortController>();
  let draining: Promise<void> | undefined;
  const chat = createChatRoute({
    serving,
    queue,
    active,
    timeoutMs: options.timeoutMs,
    keepAliveMs: options.keepAliveMs ?? 10_000,
    graceMs: options.graceMs ?? 1000,
    maxImageBytes: options.maxBodyBytes,
  });
  const app = createApp({
    serving,
    access,
    chat,
    maxBodyBytes: options.maxBodyBytes,
    isDraining: () => draining !== undefined,
    onLog,
  });
  const server = createServer(
    // Slow senders are cut: a head within 20 s, a body within 120 s.
    { headersTimeout: 20_000, requestTimeout: 120_000, keepAliveTimeout: 75_000 },
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  );
  await listen(server, options.port, host);
  const { address, port } = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host === 'localhost' ? host : address;

  return {
    address: `http://${shown}:${port}/v1`,
    get active() {
      return queue.active;
    },
    get waiting() {
      return queue.waiting;
    },
    drain() {
      draining ??= (async () => {
        queue.close(overloaded('The server is going down.', 'shutting_down'));
        const closed = once(server, 'close');
        server.close();
        const timer = setInterval(() => server.closeIdleConnections(), idleCheckMs);
        await closed;
        clearInterval(timer);
      })();
      return draining;
    },
    stop() {
      for (const abort of active) abort.abort(overloaded('The server was stopped.', 'shutting_down'));
      setTimeout(() => server.closeAllConnections(), farewellMs);
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen({ port, host: host.replace(/^\[|\]$/g, ''), backlog: 4096 });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, port, host);
  }
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): FettleError {
  switch (error.code) {
    case 'EADDRINUSE':
      return usageError(`Port ${port} of ${host} is in use.`, {
        code: 'port-in-use',
        where: '--port',
        hint: 'End what listens there, or name another port; --port 0 takes one that is free.',
        cause: error,
      });
    case 'EACCES':
      return usageError(`This user may not listen at port ${port}.`, {
        code: 'port-forbidden',
        where: '--port',
        hint: 'Name a port above 1023.',
        cause: error,
      });
    default:
      return usageError(`Nothing can listen at ${host}: ${errorMessage(error)}`, {
        code: 'host-invalid',
        where: '--host',
        hint: 'Name an address of this machine, such as 127.0.0.1.',
        cause: error,
      });
  }
}
