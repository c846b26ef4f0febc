import type { Dispatcher } from 'undici';
import { ModelError } from '../model-error.ts';
import { connectionError } from './connection-error.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface HttpClientOptions {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Sent with every request, flat: name, value, name, value. */
  readonly headers: readonly string[];
  /** From the last byte of the request to the end of the answer. */
  readonly timeoutMs: number;
  /** Longest silence within an answer that has begun. */
  readonly stallMs: number;
  readonly connectTimeoutMs: number;
  /** Sockets at once. */
  readonly connections: number;
  /** Variables that may name a proxy. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface HttpClient {
  /** Sends one JSON body. Throws a ModelError when no whole answer arrives, the signal's reason when it aborts. */
  post(path: string, body: string, signal: AbortSignal | undefined): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** An answer of a language model is small; a larger one is a mistake or an attack on memory. */
const largestAnswerBytes = 256 * 1024 * 1024;

/** Keep-alive connections to one origin through undici's raw dispatch: neither streams nor fetch are paid for. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  // Loaded while the caller prepares its first request, so that the first requests do not all wait for it.
  void import('undici');
  let dispatcher: Promise<Dispatcher> | undefined;
  let ready: Dispatcher | undefined;
  let closed = false;

  return {
    async post(path, body, signal) {
      if (closed) throw new Error('This model is closed.');
      const target = ready ?? (await (dispatcher ??= openDispatcher(options).then((opened) => (ready = opened))));
      return new Promise<HttpAnswer>((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const exchange = new Exchange(resolve, reject, signal, options);
        const request = {
          origin: options.origin,
          path,
          method: 'POST',
          body,
          headers: options.headers as string[],
        } as const;
        target.dispatch(request, exchange);
      });
    },
    async close() {
      closed = true;
      await (await dispatcher)?.destroy();
    },
  };
}

async function openDispatcher(options: HttpClientOptions): Promise<Dispatcher> {
  const { Pool, EnvHttpProxyAgent } = await import('undici');
  const { env } = options;
  const settings = {
    connections: options.connections,
    pipelining: 1,
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.stallMs,
    connectTimeout: options.connectTimeoutMs,
    keepAliveTimeout: 30_000,
  };
  const httpProxy = env.http_proxy ?? env.HTTP_PROXY;
  const httpsProxy = env.https_proxy ?? env.HTTPS_PROXY;
  if (!httpProxy && !httpsProxy) return new Pool(options.origin, settings);
  const noProxy = env.no_proxy ?? env.NO_PROXY ?? '';
  return new EnvHttpProxyAgent({
    ...settings,
    ...(httpProxy ? { httpProxy } : {}),
    ...(httpsProxy ? { httpsProxy } : {}),
    noProxy: `${noProxy},localhost,127.0.0.1,[::1]`,
  });
}

/** One request and what comes back. */
class Exchange implements Dispatcher.DispatchHandler {
  private status = 0;
  private headers: HttpAnswer['headers'] = {};
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  private deadline = Infinity;
  private settled = false;
  private controller: Dispatcher.DispatchController | undefined;
  private readonly resolve: (answer: HttpAnswer) => void;
  private readonly reject: (reason: unknown) => void;
  private readonly signal: AbortSignal | undefined;
  private readonly options: HttpClientOptions;

  constructor(
    resolve: (answer: HttpAnswer) => void,
    reject: (reason: unknown) => void,
    signal: AbortSignal | undefined,
    options: HttpClientOptions,
  ) {
    this.resolve = resolve;
    this.reject = reject;
    this.signal = signal;
    this.options = options;
    signal?.addEventListener('abort', this);
  }

  /** The signal aborted: the caller hears at once, also while the connection is still being made. */
  handleEvent(): void {
    this.fail(this.signal?.reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.settled) return controller.abort(new Error('aborted'));
    this.controller = controller;
    this.deadline = performance.now() + this.options.timeoutMs;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: HttpAnswer['headers']): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes > largestAnswerBytes) {
      const message = `The answer is larger than ${largestAnswerBytes / 1024 / 1024} MB.`;
      this.fail(
        new ModelError(message, { code: 'model-invalid-response', kind: 'invalid-response', retryable: false }),
      );
    } else if (performance.now() > this.deadline) {
      const message = `The answer was still arriving after ${this.options.timeoutMs / 1000} s.`;
      this.fail(new ModelError(message, { code: 'model-timeout', kind: 'timeout' }));
    }
  }

  onResponseEnd(): void {
    if (this.settled) return;
    this.settle();
    const [only] = this.chunks;
    const bytes = this.chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.chunks, this.bytes);
    this.resolve({ status: this.status, headers: this.headers, text: bytes.toString('utf8') });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.settled) return;
    this.settle();
    this.reject(connectionError(error, this.options));
  }

  private fail(reason: unknown): void {
    if (this.settled) return;
    this.settle();
    this.reject(reason);
    this.controller?.abort(reason instanceof Error ? reason : new Error('aborted'));
  }

  private settle(): void {
    this.settled = true;
    this.signal?.removeEventListener('abort', this);
  }
}
