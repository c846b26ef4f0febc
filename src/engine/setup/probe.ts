import { FettleError } from '../../core/index.ts';
import { EngineProcess } from '../client/engine-process.ts';
import { diedError, engineError } from '../client/failures.ts';
import { processEnvironment } from '../client/process-environment.ts';
import type { EngineEnvironment } from '../environment.ts';
import type { EngineEventOf } from '../protocol/index.ts';

/** Starts the engine for its versions and devices alone: the proof that an environment works. */
export async function probeEngine(
  engine: EngineEnvironment,
  { timeoutMs = 300_000, signal }: { timeoutMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<EngineEventOf<'ready'>> {
  const answer = Promise.withResolvers<EngineEventOf<'ready'>>();
  const child: EngineProcess = new EngineProcess({
    command: engine.python,
    args: ['-m', 'fettle_engine', 'probe'],
    environment: processEnvironment(engine),
    onEvent(event) {
      if (event.event === 'ready') answer.resolve(event);
      if (event.event === 'error') answer.reject(engineError(event));
    },
    onFault: answer.reject,
    onExit(exit, startError) {
      answer.reject(
        startError === undefined
          ? diedError(exit, 'while it told of itself', child.stderr)
          : new FettleError(`${engine.python} could not be started: ${startError.message}`, {
              code: 'engine-start',
              hint: '`fettle engine setup` makes the environment anew.',
            }),
      );
    },
  });
  child.endInput();
  const timer = setTimeout(() => {
    answer.reject(new FettleError(`The engine said nothing for ${timeoutMs / 1000} s.`, { code: 'engine-start' }));
  }, timeoutMs);
  const abort = (): void => answer.reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await answer.promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    void child.end({ waitMs: 2000, termMs: 2000 });
  }
}
