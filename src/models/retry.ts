import type { CallOptions } from '../core/index.ts';
import { sleep, systemClock, type Clock } from './clock.ts';
import { ModelError } from './model-error.ts';

export interface RetryOptions {
  /** Attempts in all, refusals for rate not counted: those end with `totalMs` only. 8 where absent. */
  readonly attempts?: number | undefined;
  /** No attempt starts later than this after the first; 30 minutes where absent. */
  readonly totalMs?: number | undefined;
  /** Upper bound of the first wait; doubles with each. 500 where absent. */
  readonly baseMs?: number | undefined;
  /** Upper bound of all waits that the endpoint did not ask for; 30 s where absent. */
  readonly capMs?: number | undefined;
  /** Uniform in [0, 1). */
  readonly random?: (() => number) | undefined;
  readonly clock?: Clock | undefined;
}

/** Runs attempts until one succeeds, none may follow, or the caller's signal aborts. */
export type Retry = <T>(attempt: () => Promise<T>, call: CallOptions | undefined) => Promise<T>;

/** After a refusal for rate the limiter paces the endpoint, so the call itself need not wait long. */
const rateLimitCapMs = 4000;

/** Invalid answers (cut JSON, an empty body) are worth two more attempts, not more. */
const invalidAnswerAttempts = 3;

/**
 * Exponential backoff with full jitter: the n-th wait is uniform in [0, min(cap, base · 2ⁿ))
 * (M. Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015).
 * An endpoint's own Retry-After is the lower bound of the wait.
 */
export function createRetry(options: RetryOptions = {}): Retry {
  const { attempts = 8, totalMs = 30 * 60_000, baseMs = 500, capMs = 30_000 } = options;
  const { random = Math.random, clock = systemClock } = options;

  return async function retry(attempt, call) {
    let startedAt: number | undefined;
    let failures = 0;
    let rateLimits = 0;
    let invalidAnswers = 0;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof ModelError) || error.kind === 'refused' || !error.retryable) throw error;
        if (call?.signal?.aborted) throw call.signal.reason;
        const { kind, retryAfterMs = 0 } = error;
        const bound =
          kind === 'rate-limit'
            ? Math.min(rateLimitCapMs, capMs, baseMs * 2 ** rateLimits++)
            : Math.min(capMs, baseMs * 2 ** failures++);
        // What the endpoint asked for is spread a little, so that all who were told the same do not come back at once.
        const waitMs = Math.ceil(retryAfterMs + random() * (retryAfterMs > 0 ? Math.min(bound, 250) : bound));
        const now = clock.now();
        startedAt ??= now;
        if (kind === 'invalid-response') invalidAnswers += 1;
        if (failures >= attempts || invalidAnswers >= invalidAnswerAttempts)
          throw gaveUp(error, `after ${failures + rateLimits} attempts`);
        if (now + waitMs - startedAt > totalMs) {
          const asked = retryAfterMs > totalMs ? `: it asks to wait ${Math.round(retryAfterMs / 1000)} s` : '';
          throw gaveUp(error, `within ${Math.round(totalMs / 1000)} s${asked}`);
        }
        call?.onAttemptFailed?.({ kind, message: error.message, waitMs });
        await sleep(clock, waitMs, call?.signal);
      }
    }
  };
}

function gaveUp(error: ModelError, when: string): ModelError {
  return new ModelError(`${error.message} (given up ${when})`, {
    code: error.code,
    kind: error.kind,
    retryable: false,
    status: error.status,
    retryAfterMs: error.retryAfterMs,
    where: error.where,
    hint: error.hint,
    cause: error,
  });
}
