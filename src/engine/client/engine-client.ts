import { FettleError } from '../../core/index.ts';
import { engineEnvironment, type EngineEnvironment } from '../environment.ts';
import {
  type EngineEvent,
  type EngineEventOf,
  type EngineRequestInput,
  requestSchema,
  type TrainingJobInput,
} from '../protocol/index.ts';
import { EngineProcess } from './engine-process.ts';
import { diedError, engineError, type EngineExit } from './failures.ts';
import { parseJob } from './parse-job.ts';
import { processEnvironment, type ProcessEnvironmentOptions } from './process-environment.ts';
import { TrainingProgress, type TrainingOutcome } from './training-progress.ts';

type Distribute<T> = T extends unknown ? Omit<T, 'v' | 'id'> : never;

/** A request without its envelope. Training goes through `run`, the end through `close`. */
export type EngineCall = Distribute<Exclude<EngineRequestInput, { op: 'run' | 'cancel' | 'shutdown' }>>;

export interface EngineCallOptions {
  readonly onEvent?: ((event: EngineEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface StartEngineOptions extends ProcessEnvironmentOptions {
  /** Default: what `engineEnvironment` finds. */
  readonly engine?: EngineEnvironment | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Events that belong to no request: notes of the process itself. */
  readonly onEvent?: ((event: EngineEvent) => void) | undefined;
  readonly onStderr?: ((text: string) => void) | undefined;
  /** Importing PyTorch from a cold disk takes a while. */
  readonly startTimeoutMs?: number | undefined;
  /** After an abort: how long the engine may take to save and stop, before SIGTERM and again before SIGKILL. */
  readonly cancelMs?: number | undefined;
  readonly termMs?: number | undefined;
}

export interface EngineClient {
  /** Versions and devices. */
  readonly ready: EngineEventOf<'ready'>;
  readonly pid: number;
  /** Answers with the `result` of the engine. Rejects with `signal.reason` when aborted, with a FettleError when it failed. */
  request(call: EngineCall, options?: EngineCallOptions): Promise<Record<string, unknown>>;
  /** Trains. Aborting saves a checkpoint and resolves with `stopped`. */
  run(job: TrainingJobInput, options?: EngineCallOptions): Promise<TrainingOutcome>;
  /** The last 64 KiB of what the engine logged. */
  stderr(): string;
  /** True once the process can no longer be used, for whatever reason. */
  readonly ended: boolean;
  /** Ends the process; requests in flight reject. Waits up to `waitMs` (5000), after SIGTERM `termMs` (5000), then kills. */
  close(times?: { readonly waitMs?: number; readonly termMs?: number }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

type FinalEvent = EngineEventOf<'result' | 'done' | 'stopped' | 'error'>;

interface Pending {
  readonly what: string;
  onEvent(event: EngineEvent): void;
  resolve(event: FinalEvent): void;
  reject(error: unknown): void;
}

const isFinal = (event: EngineEvent): event is FinalEvent =>
  event.event === 'result' || event.event === 'done' || event.event === 'stopped' || event.event === 'error';

/** Starts an engine process and waits until it is ready. Several may run beside each other. */
export async function startEngine(options: StartEngineOptions = {}): Promise<EngineClient> {
  options.signal?.throwIfAborted();
  const engine = options.engine ?? engineEnvironment();
  const started = Promise.withResolvers<EngineEventOf<'ready'>>();
  const pending = new Map<string, Pending>();
  let ready: EngineEventOf<'ready'> | undefined;
  let closing = false;
  let failure: unknown;
  let number = 0;

  /** The process can no longer be used: everything that waits learns why, once. */
  const fail = (error: unknown): void => {
    failure ??= error;
    started.reject(failure);
    for (const waiting of pending.values()) waiting.reject(failure);
    pending.clear();
  };

  const child = new EngineProcess({
    command: engine.python,
    args: ['-m', 'fettle_engine', 'serve'],
    environment: processEnvironment(engine, options),
    onStderr: options.onStderr,
    onFault: fail,
    onEvent(event) {
      if (event.event === 'ready' && ready === undefined) {
        ready = event;
        started.resolve(event);
      }
      const waiting = event.id === null ? undefined : pending.get(event.id);
      if (waiting === undefined) {
        if (event.event === 'error' && event.id === null) fail(engineError(event));
        options.onEvent?.(event);
        return;
      }
      if (isFinal(event)) pending.delete(event.id ?? '');
      waiting.onEvent(event);
      if (isFinal(event)) waiting.resolve(event);
    },
    onExit(exit, startError) {
      fail(exitError(exit, startError));
    },
  });

  function exitError(exit: EngineExit, startError: Error | undefined): FettleError {
    if (startError !== undefined) {
      return new FettleError(`The engine's Python ${engine.python} could not be started: ${startError.message}`, {
        code: 'engine-start',
        hint: '`fettle engine setup` makes the environment anew.',
        cause: startError,
      });
    }
    if (closing) return new FettleError('The engine was closed.', { code: 'engine-closed' });
    const [work] = pending.values();
    return diedError(
      exit,
      ready === undefined ? 'before it was ready' : (work?.what ?? 'while it was idle'),
      child.stderr,
    );
  }

  const call = (request: EngineRequestInput, what: () => string, onEvent?: (event: EngineEvent) => void) => {
    const { promise, resolve, reject } = Promise.withResolvers<FinalEvent>();
    if (failure !== undefined || closing) {
      reject(failure ?? new FettleError('The engine was closed.', { code: 'engine-closed' }));
      return promise;
    }
    pending.set(request.id, {
      get what() {
        return what();
      },
      onEvent: (event) => onEvent?.(event),
      resolve,
      reject,
    });
    child.write(JSON.stringify(request));
    return promise;
  };

  const nextId = (): string => `${++number}`;

  const cancel = (target: string): void => {
    call({ v: 1, id: nextId(), op: 'cancel', target }, () => 'while it was stopping').catch(() => undefined);
  };

  const onAbort = (signal: AbortSignal | undefined, act: () => void): (() => void) => {
    if (signal?.aborted === true) act();
    else signal?.addEventListener('abort', act, { once: true });
    return () => signal?.removeEventListener('abort', act);
  };

  const close: EngineClient['close'] = async ({ waitMs = 5000, termMs = 5000 } = {}) => {
    if (!child.hasExited) {
      closing = true;
      child.write(JSON.stringify({ v: 1, id: nextId(), op: 'shutdown' }));
      child.endInput();
      await child.end({ waitMs, termMs });
    }
  };

  const client = {
    get pid() {
      return child.pid ?? 0;
    },
    stderr: () => child.stderr.text(),
    get ended() {
      return failure !== undefined || closing || child.hasExited;
    },
    close,
    [Symbol.asyncDispose]: () => close(),

    async request(asked: EngineCall, { onEvent, signal }: EngineCallOptions = {}) {
      signal?.throwIfAborted();
      const id = nextId();
      const request = requestSchema.parse({ ...asked, v: 1, id });
      const answer = call(request, () => `during "${asked.op}"`, onEvent);
      // The caller goes on at once; what the engine still answers is dropped.
      const aborted = Promise.withResolvers<never>();
      const settle = onAbort(signal, () => {
        cancel(id);
        aborted.reject(signal?.reason);
      });
      try {
        const event = await Promise.race([answer, aborted.promise]);
        if (event.event === 'result') return event.result;
        if (event.event === 'error') throw engineError(event);
        throw new FettleError(`The engine answered "${asked.op}" with "${event.event}".`, { code: 'engine-protocol' });
      } finally {
        settle();
      }
    },

    async run(input: TrainingJobInput, { onEvent, signal }: EngineCallOptions = {}): Promise<TrainingOutcome> {
      const job = parseJob(input);
      signal?.throwIfAborted();
      const id = nextId();
      const progress = new TrainingProgress();
      const answer = call(
        { v: 1, id, op: 'run', job },
        () => progress.where(),
        (event) => {
          progress.see(event);
          onEvent?.(event);
        },
      );
      let timer: NodeJS.Timeout | undefined;
      const settle = onAbort(signal, () => {
        cancel(id);
        timer = setTimeout(() => {
          void child.end({ waitMs: 0, termMs: options.termMs ?? 10_000 });
        }, options.cancelMs ?? 25_000);
      });
      try {
        return progress.outcome(await answer);
      } catch (error) {
        // It had to be killed, or was ended with us by the same Ctrl+C: the checkpoints that it told of are whole.
        if (signal?.aborted === true && child.hasExited) return progress.forcedStop();
        throw error;
      } finally {
        clearTimeout(timer);
        settle();
      }
    },
  };

  const timer = setTimeout(() => {
    fail(
      new FettleError(
        `The engine was not ready after ${(options.startTimeoutMs ?? 180_000) / 1000} s.\n${child.stderr.lines()}`.trim(),
        { code: 'engine-start', hint: '`fettle engine status` tries it by itself.' },
      ),
    );
  }, options.startTimeoutMs ?? 180_000);
  const settle = onAbort(options.signal, () => fail(options.signal?.reason));
  try {
    return Object.assign(client, { ready: await started.promise });
  } catch (error) {
    void child.end({ waitMs: 0, termMs: 2000 });
    throw error;
  } finally {
    clearTimeout(timer);
    settle();
  }
}
