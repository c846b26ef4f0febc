import { usageError } from '../core/index.ts';
import type { RequestLog, RunningServer } from '../server/index.ts';
import { printable } from './console.ts';
import { type CliContext, withStore } from './context.ts';
import { callConfigOf } from './run-config-of.ts';

/** What commander makes of the options of `serve`. */
export interface ServeOptions {
  readonly model: string;
  readonly method?: string;
  readonly verifier?: string;
  readonly judge?: string;
  readonly embedder?: string;
  readonly name?: string;
  readonly port: number;
  readonly host: string;
  readonly tokenEnv?: string;
  readonly concurrency?: number;
  readonly queue: number;
  readonly timeout: number;
  readonly retry: number;
  readonly maxBody: number;
  readonly budget?: { tokens?: number; calls?: number; seconds?: number; cost?: number };
  readonly cache?: boolean;
  readonly reading?: string;
  readonly seed?: number;
}

/** Serves until it is told to end. */
export async function serveAction(options: ServeOptions, context: CliContext): Promise<void> {
  const { loadModelConfig } = await import('../models/index.ts');
  const { assertCanListen, startServer } = await import('../server/index.ts');
  const { openServing, usualReading } = await import('../workbench/serving/index.ts');
  const { fetchModelIfMissing } = await import('./fetch-model.ts');
  const token = await tokenOf(options.tokenEnv);
  const method = options.method ?? 'direct';
  const retryMs = milliseconds(options.retry, '--retry');
  const timeoutMs = milliseconds(options.timeout, '--timeout');
  if (options.port > 65_535) throw usageError('Ports end at 65535.', { where: '--port' });
  if (options.name?.trim() === '') throw usageError('Clients need a name to ask for.', { where: '--name' });
  if (!(options.maxBody > 0)) throw usageError('A request needs room.', { where: '--max-body' });
  await assertCanListen({ host: options.host, port: options.port, token });

  await withStore(context, async (store) => {
    const serving = await openServing(
      {
        target: {
          kind: 'served',
          name: options.name ?? method.replace(/:.*$/s, ''),
          reading: options.reading ?? usualReading,
        },
        models: {
          main: options.model,
          judge: options.judge,
          verifier: options.verifier,
          embedder: options.embedder,
        },
        method,
        ...callConfigOf(options, context),
      },
      store,
      {
        modelConfig: await loadModelConfig(context.configFile),
        prepareModel: (spec) => fetchModelIfMissing(spec, context),
        onNote: (text) => context.note(`note: ${text}`),
        retryMs,
      },
    );
    try {
      const server = await startServer({
        serving,
        host: options.host,
        port: options.port,
        token,
        queue: options.queue,
        timeoutMs,
        maxBodyBytes: Math.floor(options.maxBody * 1e6),
        onLog: (log) => context.note(logText(log)),
      });
      const { run, name, continued } = serving;
      if (context.json) context.printJson({ address: server.address, model: name, run: run.id });
      else context.console.out(`${printable(`Serving ${name} at ${server.address}`)}\n`);
      context.note(
        `Requests are kept as ${continued ? 'further ' : ''}samples of run ${run.id} in ${context.home}. Ctrl-C ends.`,
      );
      await ended(server, context);
    } finally {
      await serving.close();
    }
    context.note(`Stored as ${serving.run.id}. Look closer with: fettle show ${serving.run.id} chatcmpl-…`);
  });
}

/** Resolves when the server is told to end and its last answer is out. */
async function ended(server: RunningServer, context: CliContext): Promise<void> {
  let drained: Promise<void> | undefined;
  await new Promise<void>((resolve, reject) => {
    // First: no new requests. Second: those in progress end too. Third: the default, which kills.
    const onSignal = (): void => {
      if (drained === undefined) {
        drained = server.drain();
        drained.then(resolve, reject);
        if (server.active > 0) {
          context.note(`\nEnding after ${server.active} answers in progress; press Ctrl-C again to stop at once.`);
        }
        return;
      }
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      server.stop();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

async function tokenOf(variable: string | undefined): Promise<string | undefined> {
  if (variable === undefined) return undefined;
  const { registerSecret } = await import('../models/index.ts');
  const token = process.env[variable]?.trim();
  if (token === undefined || token === '') {
    throw usageError(`The environment variable ${variable} is not set.`, {
      code: 'token-missing',
      where: '--token-env',
      hint: 'Set it to the token that clients send.',
    });
  }
  registerSecret(token);
  return token;
}

function milliseconds(seconds: number, where: string): number {
  // Timers hold no longer time.
  if (seconds > 0 && seconds * 1000 < 2 ** 31) return seconds * 1000;
  throw usageError('It has to be a number of seconds above 0.', { where });
}

function logText(log: RequestLog): string {
  const { id, method, path, status, calls = 0, replayedCalls = 0, promptTokens = 0, completionTokens = 0 } = log;
  const parts = [new Date().toISOString(), `${method} ${path}`, String(status), `${log.milliseconds} ms`];
  if (id !== undefined) parts.push(id);
  if (calls > 0) {
    const replayed = replayedCalls > 0 ? ` (${replayedCalls} replayed)` : '';
    parts.push(`${calls} calls${replayed}, ${promptTokens} + ${completionTokens} tokens`);
  }
  if (log.error !== undefined) parts.push(log.error);
  if (log.cause !== undefined) parts.push(log.cause);
  return parts.join(' · ').replace(/\s*\n\s*/g, ' ');
}
