import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import OpenAI from 'openai';
import { onTestFinished } from 'vitest';
import { type RequestLog, type RunningServer, type ServerOptions, startServer } from '../../src/server/index.ts';
import { type FolderStore, openStore } from '../../src/store/index.ts';
import type { RunConfigInput } from '../../src/workbench/index.ts';
import { openServing, type Serving, type ServingHooks } from '../../src/workbench/serving/index.ts';
import { startCli, temporaryFolder } from '../support/cli.ts';

export interface Served {
  readonly address: string;
  readonly client: OpenAI;
  readonly store: FolderStore;
  readonly serving: Serving;
  readonly server: RunningServer;
  readonly logs: RequestLog[];
  readonly home: string;
}

export interface ServedSettings {
  readonly config?: Partial<RunConfigInput>;
  readonly server?: Partial<ServerOptions>;
  readonly hooks?: ServingHooks;
  readonly home?: string;
}

/** A server in the test's process, over a store of its own. Ends with the test. */
export async function serve(model: string, settings: ServedSettings = {}): Promise<Served> {
  const { config = {}, server: options = {}, hooks = {}, home = temporaryFolder() } = settings;
  const store = await openStore(home);
  const method = config.method ?? 'direct';
  const serving = await openServing(
    { target: { kind: 'served', name: 'served-method', reading: 'final' }, models: { main: model }, method, ...config },
    store,
    { retryMs: 500, ...hooks },
  );
  const logs: RequestLog[] = [];
  const server = await startServer({
    serving,
    host: '127.0.0.1',
    port: 0,
    queue: 1024,
    timeoutMs: 30_000,
    maxBodyBytes: 1_000_000,
    onLog: (log) => void logs.push(log),
    ...options,
  });
  onTestFinished(async () => {
    const drained = server.drain();
    server.stop();
    await drained;
    await serving.close();
    await store.close();
  });
  return { address: server.address, client: clientOf(server.address), store, serving, server, logs, home };
}

/** The official client; what it repeats by itself would hide what a test counts. */
export function clientOf(baseURL: string, apiKey = 'unused'): OpenAI {
  return new OpenAI({ baseURL, apiKey, maxRetries: 0 });
}

/** The raw answer to a body as it stands. */
export function post(
  address: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${address}/chat/completions`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

export function ask(text: string): { model: string; messages: [{ role: 'user'; content: string }] } {
  return { model: 'any', messages: [{ role: 'user', content: text }] };
}

export interface Holding {
  /** Requests that wait for an answer. */
  readonly open: Set<ServerResponse>;
  /** How many were cut by whoever asked. */
  readonly cut: number;
  readonly hold: (response: ServerResponse) => true;
}

/** For an endpoint that keeps its callers waiting, and counts those that leave. */
export function holding(): Holding {
  const open = new Set<ServerResponse>();
  let cut = 0;
  return {
    open,
    get cut() {
      return cut;
    },
    hold(response) {
      open.add(response);
      response.on('close', () => {
        open.delete(response);
        if (!response.writableFinished) cut += 1;
      });
      return true;
    },
  };
}

export interface ServeProcess {
  readonly address: string;
  readonly run: string;
  readonly model: string;
  readonly child: ReturnType<typeof startCli>['child'];
  readonly end: ReturnType<typeof startCli>['end'];
}

/** `fettle serve` as a user starts it. Killed with the test where it has not ended. */
export async function startServe(args: readonly string[], env: Record<string, string> = {}): Promise<ServeProcess> {
  const { child, end } = startCli(['serve', '--port', '0', '--json', ...args], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const failed = end.then(({ code, stderr }) => {
    throw new Error(`fettle serve ended with ${code}: ${stderr}`);
  });
  failed.catch(() => undefined);
  const [line] = (await Promise.race([once(child.stdout as NonNullable<typeof child.stdout>, 'data'), failed])) as [
    string,
  ];
  return { ...(JSON.parse(line) as { address: string; run: string; model: string }), child, end };
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => void setTimeout(resolve, 5));
}
