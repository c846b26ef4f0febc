import { FettleError } from '../../core/index.ts';
import { type EngineCall, type EngineClient, engineEnvironment, startEngine } from '../../engine/index.ts';
import type { Environment } from '../keys.ts';

export interface EngineSessionOptions {
  /** How the model is called in messages. */
  readonly name: string;
  readonly env: Environment;
  /** Lets the process reach the hub. */
  readonly allowHub: boolean;
}

/** How the checkpoint of a session is opened. */
export interface EngineCheckpoint {
  readonly folder: string;
  readonly device: 'auto' | 'cpu' | 'cuda';
  readonly dtype: 'fp32' | 'bf16';
}

/** One engine process that is started when it is needed, and again after it died. */
export interface EngineSession {
  /** Asks without a model in memory. */
  ask(call: EngineCall): Promise<{ readonly result: Record<string, unknown>; readonly client: EngineClient }>;
  /** Asks once the checkpoint is open. Rejects with `signal.reason` when aborted; the engine may go on for a while. */
  askModel(checkpoint: EngineCheckpoint, call: EngineCall, signal?: AbortSignal): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Deaths without an answer between them, after which the process is not started again. */
const mostDeaths = 3;
/** A checkpoint that could not be opened is not tried again within this time: a run's calls would each wait for it. */
const loadPauseMs = 5000;

/**
 * Makes the session; nothing is started yet.
 *
 * Throws, from `ask` and `askModel`: `engine-missing`, `engine-start`, `engine-died` (after the third death in a row
 * for good), `model-closed`, and what the engine answers as `engine-CODE`.
 */
export function createEngineSession(options: EngineSessionOptions): EngineSession {
  const { name, env, allowHub } = options;
  const closing = new AbortController();
  let starting: Promise<EngineClient> | undefined;
  /** The process that has the checkpoint open. */
  let opening: { readonly client: EngineClient; readonly done: Promise<unknown> } | undefined;
  let refused: { readonly error: unknown; readonly at: number } | undefined;
  let deaths = 0;
  let lastDeath: unknown;

  async function start(): Promise<EngineClient> {
    if (deaths >= mostDeaths) throw diedTooOften(name, deaths, lastDeath);
    const engine = engineEnvironment(env);
    try {
      return await startEngine({ engine, variables: env, allowHub, signal: closing.signal });
    } catch (error) {
      if (!closing.signal.aborted) noteDeath(error);
      throw error;
    }
  }

  async function process(): Promise<EngineClient> {
    for (;;) {
      closing.signal.throwIfAborted();
      // Whoever comes first after a death starts it anew; the others wait for the same process.
      const current = (starting ??= start());
      try {
        const client = await current;
        if (!client.ended) return client;
        watch(client, undefined);
      } catch (error) {
        if (starting === current) starting = undefined;
        throw error;
      }
      if (starting === current) starting = undefined;
    }
  }

  function noteDeath(error: unknown): void {
    deaths += 1;
    lastDeath = error ?? lastDeath;
  }

  /** Once per process, however many requests its death takes along. */
  const counted = new WeakSet<EngineClient>();
  function watch(client: EngineClient, error: unknown): void {
    if (!client.ended || closing.signal.aborted || counted.has(client)) return;
    counted.add(client);
    noteDeath(error);
  }

  async function opened(checkpoint: EngineCheckpoint): Promise<EngineClient> {
    const client = await process();
    if (opening?.client !== client) {
      if (refused !== undefined && performance.now() - refused.at < loadPauseMs) throw refused.error;
      const { folder, device, dtype } = checkpoint;
      opening = { client, done: client.request({ op: 'load', model: folder, device, dtype }) };
    }
    const own = opening;
    try {
      await own.done;
    } catch (error) {
      if (opening === own) {
        opening = undefined;
        if (!client.ended) refused = { error, at: performance.now() };
      }
      watch(client, error);
      throw error;
    }
    refused = undefined;
    return client;
  }

  return {
    async ask(call) {
      const client = await process();
      try {
        return { client, result: await client.request(call) };
      } catch (error) {
        watch(client, error);
        throw error;
      }
    },
    async askModel(checkpoint, call, signal) {
      const client = await opened(checkpoint);
      try {
        const result = await client.request(call, { signal });
        deaths = 0;
        return result;
      } catch (error) {
        watch(client, error);
        throw closing.signal.aborted ? closing.signal.reason : error;
      }
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort(
        new FettleError(`The model ${name} was closed`, { code: 'model-closed', hint: 'Create it again to use it' }),
      );
      const client = await starting?.catch(() => undefined);
      // Answers have nothing to save, so that what still runs is not waited for.
      await client?.close({ waitMs: 1000, termMs: 1000 });
    },
  };
}

function diedTooOften(name: string, deaths: number, cause: unknown): FettleError {
  const hint = FettleError.isInstance(cause) ? cause.hint : undefined;
  const words = cause instanceof Error ? ` Last: ${cause.message}` : '';
  return new FettleError(`The engine ended ${deaths} times in a row with ${name}; it is not started again.${words}`, {
    code: 'engine-died',
    hint: hint ?? 'Mend what ended it, then run the same command again',
    cause,
  });
}
