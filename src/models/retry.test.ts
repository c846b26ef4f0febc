import { describe, expect, it } from 'vitest';
import type { AttemptFailure } from '../core/index.ts';
import { createCircuit } from './circuit.ts';
import { ModelError, type ModelErrorKind } from './model-error.ts';
import { readRetryAfter } from './retry-after.ts';
import { createRetry } from './retry.ts';
import { createVirtualClock } from './testing/virtual-clock.ts';

const failure = (kind: ModelErrorKind, retryAfterMs?: number): ModelError =>
  new ModelError(kind, { code: 'model-x', kind, retryAfterMs });

function harness(errors: readonly unknown[], options: Parameters<typeof createRetry>[0] = {}) {
  const clock = createVirtualClock();
  const starts: number[] = [];
  const failures: AttemptFailure[] = [];
  const retry = createRetry({ clock, random: () => 0.999999, ...options });
  const abort = new AbortController();
  const outcome = retry(
    async () => {
      starts.push(Math.round(clock.now()));
      const error = errors[starts.length - 1];
      if (error !== undefined) throw error;
      return 'good';
    },
    { signal: abort.signal, onAttemptFailed: (one) => failures.push(one) },
  );
  outcome.catch(() => {});
  return { clock, starts, failures, outcome, abort };
}

describe('retry', () => {
  it('doubles the bound of its waits and tells of every wasted attempt', async () => {
    const kinds = ['server-error', 'timeout', 'connection', 'invalid-response'] as const;
    const { clock, starts, failures, outcome } = harness(kinds.slice(0, 3).map((kind) => failure(kind)));
    await clock.runUntil(60_000);
    expect(await outcome).toBe('good');
    expect(starts).toEqual([0, 500, 1500, 3500]);
    expect(failures).toEqual([
      { kind: 'server-error', message: 'server-error', waitMs: 500 },
      { kind: 'timeout', message: 'timeout', waitMs: 1000 },
      { kind: 'connection', message: 'connection', waitMs: 2000 },
    ]);
  });

  it('draws each wait from the whole range', async () => {
    const { clock, starts } = harness([failure('server-error'), failure('server-error')], { random: () => 0 });
    await clock.runUntil(10);
    expect(starts).toEqual([0, 0, 0]);
  });

  it('never comes back sooner than the endpoint asked', async () => {
    const { clock, starts, outcome } = harness([failure('rate-limit', 7000)], { random: () => 0 });
    await clock.runUntil(6999);
    expect(starts).toEqual([0]);
    await clock.runUntil(7000);
    expect(await outcome).toBe('good');
  });

  it('does not repeat what was refused, nor what is no failure of a model', async () => {
    for (const error of [failure('refused'), new Error('bug')]) {
      const { starts, outcome, failures } = harness([error]);
      await expect(outcome).rejects.toBe(error);
      expect(starts).toHaveLength(1);
      expect(failures).toHaveLength(0);
    }
  });

  it('gives up after its attempts, fewer for invalid answers, and within its time for refusals of rate', async () => {
    const many = (kind: ModelErrorKind, retryAfterMs?: number) =>
      Array.from({ length: 5000 }, () => failure(kind, retryAfterMs));
    const server = harness(many('server-error'), { attempts: 5 });
    await server.clock.runUntil(1e6);
    await expect(server.outcome).rejects.toMatchObject({
      retryable: false,
      message: expect.stringContaining('after 5 attempts'),
    });
    expect([server.starts.length, server.failures.length]).toEqual([5, 4]);

    const invalid = harness(many('invalid-response'));
    await invalid.clock.runUntil(1e6);
    expect(invalid.starts).toHaveLength(3);

    const limited = harness(many('rate-limit'), { totalMs: 60_000, attempts: 2 });
    await limited.clock.runUntil(1e6);
    await expect(limited.outcome).rejects.toThrow('within 60 s');
    expect(limited.starts.length).toBeGreaterThan(10);
    expect(limited.starts.at(-1)).toBeLessThanOrEqual(60_000);

    const hours = harness(many('rate-limit', 3_600_000));
    await hours.clock.runUntil(10);
    await expect(hours.outcome).rejects.toThrow('asks to wait 3600 s');
  });

  it('ends its wait when the signal aborts', async () => {
    const { clock, abort, outcome, starts } = harness([failure('server-error')]);
    await clock.runUntil(100);
    abort.abort(new Error('enough'));
    await expect(outcome).rejects.toThrow('enough');
    await clock.runUntil(1e6);
    expect(starts).toHaveLength(1);
  });
});

describe('Retry-After', () => {
  it('is seconds, a date, or milliseconds, and nothing else', () => {
    const now = Date.parse('2026-03-01T00:00:00Z');
    expect(readRetryAfter({ 'retry-after': '3' }, now)).toBe(3000);
    expect(readRetryAfter({ 'retry-after': '0.25' }, now)).toBe(250);
    expect(readRetryAfter({ 'retry-after': 'Sun, 01 Mar 2026 00:00:09 GMT' }, now)).toBe(9000);
    expect(readRetryAfter({ 'retry-after': 'Sun, 01 Mar 2020 00:00:00 GMT' }, now)).toBe(0);
    expect(readRetryAfter({ 'retry-after': '3', 'retry-after-ms': '120' }, now)).toBe(120);
    expect(readRetryAfter({ 'retry-after': ['4', '5'] }, now)).toBe(4000);
    for (const text of ['', 'soon', '-5', 'NaN']) expect(readRetryAfter({ 'retry-after': text }, now)).toBeUndefined();
  });
});

describe('circuit', () => {
  it('opens after long silence, lets one probe pass a cool-down, closes on any answer', async () => {
    const clock = createVirtualClock();
    const circuit = createCircuit(clock, 'http://x/v1', {
      unreachableAfterMs: 1000,
      neverReachedAfterMs: 100,
      coolDownMs: 50,
    });
    const down = failure('connection');
    circuit.unreachable(down);
    expect(circuit.check()).toBeUndefined();
    await clock.runUntil(100);
    circuit.unreachable(down);
    expect(circuit.check()).toMatchObject({
      retryable: false,
      message: expect.stringContaining('http://x/v1 has been unreachable'),
    });
    await clock.runUntil(150);
    expect(circuit.check()).toBeUndefined();
    expect(circuit.check()).toBeDefined();
    circuit.reached();
    expect(circuit.check()).toBeUndefined();
    circuit.unreachable(down);
    await clock.runUntil(1100);
    circuit.unreachable(down);
    expect(circuit.check()).toBeUndefined();
    await clock.runUntil(1150);
    circuit.unreachable(down);
    expect(circuit.check()).toBeDefined();
  });
});
