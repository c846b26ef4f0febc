import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimiter, type Limiter, type Outcome, type Permit } from './limiter.ts';
import { createVirtualClock } from './testing/virtual-clock.ts';

const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

/** Asks for many places; those granted so far stand in the list, by number. */
function ask(limiter: Limiter, count: number): { granted: { n: number; permit: Permit }[] } {
  const granted: { n: number; permit: Permit }[] = [];
  for (let n = 0; n < count; n++) {
    const place = limiter.acquire();
    if (place instanceof Promise) void place.then((permit) => granted.push({ n, permit }));
    else granted.push({ n, permit: place });
  }
  return { granted };
}

describe('limiter', () => {
  it('starts at 100 or the maximum and grows by one a success', async () => {
    const limiter = createLimiter({ max: 500, clock: createVirtualClock() });
    const { granted } = ask(limiter, 500);
    expect(limiter.state()).toMatchObject({ limit: 100, inFlight: 100, queued: 400 });
    for (const { permit } of granted.splice(0, 100)) permit.release('success');
    await settle();
    expect(limiter.state()).toMatchObject({ limit: 200, inFlight: 200, queued: 200 });
    expect(createLimiter({ max: 8 }).state().limit).toBe(8);
  });

  it('does not grow on calls that did not fill it', () => {
    const limiter = createLimiter({ max: 500, clock: createVirtualClock() });
    for (let i = 0; i < 300; i++) {
      const permit = limiter.acquire();
      if (!(permit instanceof Promise)) permit.release('success');
    }
    expect(limiter.state().limit).toBe(100);
  });

  it('shrinks once a window, not once a refusal, and not for server errors', async () => {
    const limiter = createLimiter({ max: 100, clock: createVirtualClock() });
    const { granted } = ask(limiter, 100);
    for (const { permit } of granted.splice(0, 50)) permit.release('other');
    expect(limiter.state().limit).toBe(100);
    ask(limiter, 50);
    for (const { permit } of granted) permit.release('rate-limit');
    expect(limiter.state().limit).toBeGreaterThanOrEqual(50);
    expect(limiter.state().limit).toBeLessThan(100);
    expect(limiter.state().rateLimited).toBe(50);
  });

  it('lets nobody in during a Retry-After that a later call confirms, then spreads the start', async () => {
    const clock = createVirtualClock();
    const limiter = createLimiter({ max: 10, clock });
    const { granted } = ask(limiter, 40);
    granted.shift()?.permit.release('rate-limit', 1000);
    await clock.runUntil(1);
    for (const { permit } of granted.splice(0)) permit.release('success');
    await clock.runUntil(2);
    expect(granted.length).toBeGreaterThan(3);
    expect(limiter.state().pausedMs).toBe(0);
    await clock.runUntil(10);
    granted.shift()?.permit.release('rate-limit', 1000);
    for (const { permit } of granted.splice(0)) permit.release('other');
    await clock.runUntil(1009);
    expect(granted).toHaveLength(0);
    expect(limiter.state()).toMatchObject({ inFlight: 0, pausedMs: 1 });
    await clock.runUntil(1011);
    expect(granted.length).toBeGreaterThanOrEqual(1);
    expect(granted.length).toBeLessThan(3);
    await clock.runUntil(1300);
    expect(granted.length).toBeGreaterThan(5);
  });

  it('goes on after a Retry-After that a later call disproves', async () => {
    const clock = createVirtualClock();
    const limiter = createLimiter({ max: 10, clock });
    const { granted } = ask(limiter, 40);
    granted.shift()?.permit.release('rate-limit', 60_000);
    for (let ms = 50; ms <= 1000; ms += 50) {
      await clock.runUntil(ms);
      for (const { permit } of granted.splice(0)) permit.release('success');
    }
    expect(limiter.state()).toMatchObject({ queued: 0, pausedMs: 0 });
  });

  it('keeps the longer of two pauses, and believes the first refusal when nothing else is in flight', async () => {
    const clock = createVirtualClock();
    const limiter = createLimiter({ max: 1, clock });
    const { granted } = ask(limiter, 2);
    granted[0]?.permit.release('rate-limit', 2000);
    await clock.runUntil(1999);
    expect(granted).toHaveLength(1);
    await clock.runUntil(2000);
    expect(granted).toHaveLength(2);
  });

  it('lets the place of a refused call rest, so that refusals do not spin', async () => {
    const clock = createVirtualClock();
    const limiter = createLimiter({ max: 1, clock });
    let attempts = 0;
    void (async () => {
      for (;;) {
        const permit = await limiter.acquire();
        attempts += 1;
        permit.release('rate-limit');
      }
    })();
    await clock.runUntil(10_000);
    expect(attempts).toBeGreaterThan(10);
    expect(attempts).toBeLessThan(60);
  });

  it('forgets who aborts while waiting', async () => {
    const limiter = createLimiter({ max: 1, clock: createVirtualClock() });
    const first = limiter.acquire() as Permit;
    const abort = new AbortController();
    const second = limiter.acquire(abort.signal) as Promise<Permit>;
    const third = limiter.acquire() as Promise<Permit>;
    abort.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    expect(limiter.state().queued).toBe(1);
    first.release('other');
    (await third).release('other');
    expect(limiter.state()).toMatchObject({ inFlight: 0, queued: 0 });
    await expect(limiter.acquire(abort.signal)).rejects.toThrow('enough');
  });

  it('counts right, serves in order and loses nobody, whatever happens', async () => {
    type Step =
      | { kind: 'acquire' }
      | { kind: 'abort'; which: number }
      | { kind: 'wait'; ms: number }
      | { kind: 'release'; which: number; outcome: Outcome; after: number };
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ kind: fc.constant('acquire' as const) }),
      fc.record({ kind: fc.constant('abort' as const), which: fc.nat(20) }),
      fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(500) }),
      fc.record({
        kind: fc.constant('release' as const),
        which: fc.nat(20),
        outcome: fc.constantFrom<Outcome>('success', 'other', 'rate-limit'),
        after: fc.constantFrom(0, 0, 0, 300),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 150 }), fc.integer({ min: 1, max: 12 }), async (steps, max) => {
        const clock = createVirtualClock();
        const limiter = createLimiter({ max, clock });
        const held: Permit[] = [];
        const served: number[] = [];
        const waiting = new Map<number, AbortController>();
        let next = 0;
        for (const one of steps) {
          if (one.kind === 'acquire') {
            const n = next++;
            const abort = new AbortController();
            const place = limiter.acquire(abort.signal);
            const take = (permit: Permit): void => {
              waiting.delete(n);
              served.push(n);
              held.push(permit);
            };
            if (place instanceof Promise) {
              waiting.set(n, abort);
              place.then(take, () => waiting.delete(n));
            } else take(place);
          } else if (one.kind === 'abort') [...waiting.values()][one.which]?.abort();
          else if (one.kind === 'wait') await clock.runUntil(clock.now() + one.ms);
          else held.splice(one.which, 1)[0]?.release(one.outcome, one.after);
          await settle();
          const state = limiter.state();
          expect(state.queued).toBe(waiting.size);
          expect(state.inFlight).toBeGreaterThanOrEqual(held.length);
          expect(state.inFlight).toBeLessThanOrEqual(max);
          expect(state.limit).toBeGreaterThanOrEqual(1);
          expect(state.limit).toBeLessThanOrEqual(max);
        }
        // Everybody who did not leave is served in the end.
        for (let turn = 0; turn < 400 && (waiting.size > 0 || held.length > 0); turn++) {
          for (const permit of held.splice(0)) permit.release('other');
          await clock.runUntil(clock.now() + 1000);
        }
        await clock.runUntil(clock.now() + 3000);
        expect(waiting.size).toBe(0);
        expect(limiter.state()).toMatchObject({ inFlight: 0, queued: 0 });
        expect(served).toEqual(served.toSorted((a, b) => a - b));
      }),
      { numRuns: 150 },
    );
  });
});
