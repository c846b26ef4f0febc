import { systemClock, type Clock } from './clock.ts';
import { createWindow } from './congestion-window.ts';
import { WaitingLine } from './waiting-line.ts';

export interface LimiterOptions {
  /** Most calls at once, whatever the endpoint bears. */
  readonly max: number;
  /** Calls at once before anything is known; min(max, 100) where absent. */
  readonly start?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** What the progress line shows. */
export interface LimiterState {
  /** Calls that may be in flight now. */
  readonly limit: number;
  readonly inFlight: number;
  readonly queued: number;
  /** How long the endpoint asked to be left alone, from now. */
  readonly pausedMs: number;
  /** Answers "too many requests" so far. */
  readonly rateLimited: number;
}

/** How a call ended, as far as the endpoint's capacity is concerned. Everything but these two says nothing of it. */
export type Outcome = 'success' | 'rate-limit' | 'other';

/** The right to one call. To be released exactly once. */
export interface Permit {
  /** @param retryAfterMs with `rate-limit`: how long the endpoint asked to be left alone */
  release(outcome: Outcome, retryAfterMs?: number): void;
}

export interface Limiter {
  /** At once where there is room, else first come first served. Rejects with the signal's reason. */
  acquire(signal?: AbortSignal): Permit | Promise<Permit>;
  state(): LimiterState;
}

interface Ticket {
  grant(permit: Permit): void;
}

/**
 * One endpoint's gate. How many calls may be in flight follows what the endpoint bears (see {@link createWindow});
 * a Retry-After that a second refusal confirms stops all new calls until it has passed. Acquiring and releasing cost O(1).
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const clock = options.clock ?? systemClock;
  const window = createWindow({ max: options.max, start: options.start ?? Math.min(options.max, 100) });
  const line = new WaitingLine<Ticket>();
  let inFlight = 0;
  let resting = 0;
  let rateLimited = 0;
  let pausedUntil = -Infinity;
  let cancelWake: (() => void) | undefined;
  /** When the first refusal came that no later call has disproved. */
  let refusedSince = Infinity;

  const hasRoom = (): boolean => inFlight < window.limit && cancelWake === undefined;

  function free(): void {
    inFlight -= 1;
    admit();
  }

  function admit(): void {
    while (line.size > 0 && hasRoom()) line.next()?.grant(permit());
  }

  function permit(): Permit {
    inFlight += 1;
    const era = window.era;
    const startedAt = clock.now();
    let released = false;
    return {
      release(outcome, retryAfterMs) {
        if (released) return;
        released = true;
        if (outcome === 'success' && startedAt > refusedSince) refusedSince = Infinity;
        if (outcome === 'success') window.succeeded(clock.now(), clock.now() - startedAt, inFlight, line.size > 0);
        if (outcome !== 'rate-limit') return free();
        rateLimited += 1;
        const pauseMs = retryAfterMs !== undefined && retryAfterMs > 0 && closedToAll(startedAt) ? retryAfterMs : 0;
        window.refused(clock.now(), era, inFlight - resting - 1, pauseMs);
        if (pauseMs > 0) {
          pause(pauseMs);
          return free();
        }
        // A refusal comes back within a moment. Were its place given to the next call at once, an endpoint that counts
        // requests per second would be asked in a tight loop; so the place stays taken for as long as a call lasts.
        resting += 1;
        clock.after(window.restMs, () => {
          resting -= 1;
          free();
        });
      },
    };
  }

  /**
   * Some endpoints send Retry-After with every refusal although a place is free a moment later (a cap on calls in
   * flight), others mean it (a quota): only calls that start after a refusal can tell. The endpoint is left alone once
   * one of them is refused too before any succeeds. The refused call itself waits in any case.
   */
  function closedToAll(startedAt: number): boolean {
    if (refusedSince === Infinity) refusedSince = clock.now();
    return startedAt > refusedSince || inFlight - resting <= 1;
  }

  function pause(forMs: number): void {
    const until = clock.now() + forMs;
    if (until <= pausedUntil) return;
    pausedUntil = until;
    cancelWake?.();
    cancelWake = clock.after(forMs, resume);
  }

  /** After a pause calls start spread over the time that one lasts: a burst would be refused again. */
  function resume(): void {
    cancelWake = undefined;
    const gapMs = Math.min(1000, window.latencyMs) / window.limit;
    let many = Math.max(1, Math.ceil(1 / gapMs));
    while (many > 0 && line.size > 0 && hasRoom()) {
      line.next()?.grant(permit());
      many -= 1;
    }
    if (line.size > 0 && hasRoom()) cancelWake = clock.after(Math.max(1, gapMs), resume);
  }

  return {
    acquire(signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      if (line.size === 0 && hasRoom()) return permit();
      return new Promise<Permit>((resolve, reject) => {
        const onAbort = (): void => {
          line.leave(waiter);
          reject(signal?.reason);
        };
        const waiter = line.join({
          grant(granted) {
            signal?.removeEventListener('abort', onAbort);
            resolve(granted);
          },
        });
        signal?.addEventListener('abort', onAbort, { once: true });
      });
    },
    state: () => ({
      limit: Math.floor(window.limit),
      inFlight,
      queued: line.size,
      pausedMs: Math.max(0, Math.round(pausedUntil - clock.now())),
      rateLimited,
    }),
  };
}
