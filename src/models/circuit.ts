import { ModelError } from './model-error.ts';
import type { Clock } from './clock.ts';

export interface CircuitOptions {
  /** How long an endpoint may be wholly unreachable before calls fail at once; 90 s where absent. */
  readonly unreachableAfterMs?: number | undefined;
  /** The same before it was ever reached, when the address is likely wrong; 20 s where absent. */
  readonly neverReachedAfterMs?: number | undefined;
  /** How long calls fail before one of them may try again; 15 s where absent. */
  readonly coolDownMs?: number | undefined;
}

/** Notices that an endpoint is dead, so that ten thousand samples do not each wait for it. */
export interface Circuit {
  /** The endpoint answered, whatever it said. */
  reached(): void;
  /** There was no connection. */
  unreachable(error: ModelError): void;
  /** The error to fail with, undefined where calls may pass. While open, one call per cool-down passes as a probe. */
  check(): ModelError | undefined;
}

export function createCircuit(clock: Clock, endpoint: string, options: CircuitOptions = {}): Circuit {
  const { unreachableAfterMs = 90_000, neverReachedAfterMs = 20_000, coolDownMs = 15_000 } = options;
  let everReached = false;
  let downSince: number | undefined;
  let lastError: ModelError | undefined;
  let nextProbe: number | undefined;

  return {
    reached() {
      everReached = true;
      downSince = undefined;
      nextProbe = undefined;
    },
    unreachable(error) {
      lastError = error;
      const now = clock.now();
      downSince ??= now;
      const patience = everReached ? unreachableAfterMs : neverReachedAfterMs;
      if (now - downSince >= patience) nextProbe ??= now + coolDownMs;
    },
    check() {
      if (nextProbe === undefined || downSince === undefined) return undefined;
      const now = clock.now();
      if (now >= nextProbe) {
        nextProbe = now + coolDownMs;
        return undefined;
      }
      const seconds = Math.round((now - downSince) / 1000);
      return new ModelError(
        `${endpoint} has been unreachable for ${seconds} s: ${lastError?.message ?? 'no connection'}`,
        {
          code: 'model-unreachable',
          kind: 'connection',
          retryable: false,
          where: endpoint,
          hint: lastError?.hint ?? 'Bring the endpoint back, then continue with fettle resume.',
          cause: lastError,
        },
      );
    },
  };
}
