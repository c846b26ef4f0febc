/**
 * An endpoint whose capacity moves, for `bench/rate-limits.ts`, in a process of its own.
 * It counts what it allowed: the integral of its capacity over time, divided by how long calls really took up a place
 * (faults and a busy machine included), times the share of calls without a fault.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRandom } from '../src/core/index.ts';

/** What the endpoint bears for a while. */
export type Phase = { readonly seconds: number } & (
  | { readonly kind: 'in-flight'; readonly capacity: number }
  | { readonly kind: 'quota'; readonly perSecond: number }
  | { readonly kind: 'closed' }
);

export interface ServerSettings {
  readonly phases: readonly Phase[];
  readonly latencyMs: number;
  /** Latencies are uniform within this part of the mean, up and down. */
  readonly spread: number;
  readonly failing: number;
  readonly cut: number;
  readonly stalling: number;
  /** How long a client waits for a stalled call, which takes up capacity until then. */
  readonly patienceMs: number;
  readonly seed: string;
}

export interface ServerCounts {
  /** Good answers that a perfect client could have had until now. */
  readonly allowed: number;
  readonly refused: number;
}

function serve(settings: ServerSettings): void {
  const { latencyMs, spread, failing, cut, stalling } = settings;
  const random = createRandom(settings.seed);
  const answer = JSON.stringify({
    model: 'moving',
    choices: [{ index: 0, message: { role: 'assistant', content: '42' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 5, completion_tokens: 1 },
  });
  let startedAt = Number.NaN;
  let busy = 0;
  let refused = 0;
  let slotMs = 0;
  let quota = 0;
  let occupiedMs = 0;
  let served = 0;
  let good = 0;
  let countedTo = 0;
  let window = -1;
  let used = 0;

  function phaseAt(ms: number): { phase: Phase; leftMs: number } {
    let end = 0;
    for (const phase of settings.phases) {
      end += phase.seconds * 1000;
      if (ms < end) return { phase, leftMs: end - ms };
    }
    return { phase: { kind: 'closed', seconds: 0 }, leftMs: 1000 };
  }

  /** Adds up what was allowed since the last time. Calls above a capacity that has just fallen count as allowed. */
  function count(): void {
    const now = performance.now() - startedAt;
    const { phase } = phaseAt(countedTo);
    const passedMs = now - countedTo;
    countedTo = now;
    if (phase.kind === 'in-flight') slotMs += Math.max(phase.capacity, busy) * passedMs;
    else if (phase.kind === 'quota') quota += (phase.perSecond * passedMs) / 1000;
  }

  function refuse(response: ServerResponse, retryAfterMs?: number): void {
    refused += 1;
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (retryAfterMs !== undefined) {
      headers['retry-after'] = String(Math.ceil(retryAfterMs / 1000));
      headers['retry-after-ms'] = String(Math.ceil(retryAfterMs));
    }
    response.writeHead(429, headers).end('{"error":{"message":"too many requests"}}');
  }

  const server = createServer((request, response) => {
    request.resume();
    if (Number.isNaN(startedAt)) {
      startedAt = performance.now();
      setInterval(count, 10);
    }
    count();
    const now = performance.now() - startedAt;
    const { phase, leftMs } = phaseAt(now);
    if (phase.kind === 'closed') return refuse(response, leftMs);
    if (phase.kind === 'in-flight' && busy >= phase.capacity) return refuse(response);
    if (phase.kind === 'quota') {
      const current = Math.floor(now / 1000);
      if (current !== window) used = 0;
      window = current;
      if (used >= phase.perSecond) return refuse(response, 1000 - (now % 1000));
      used += 1;
    }
    busy += 1;
    const begunAt = performance.now();
    response.on('close', () => {
      count();
      busy -= 1;
      served += 1;
      occupiedMs += performance.now() - begunAt;
    });
    const draw = random.next();
    if (draw < stalling) return;
    setTimeout(
      () => {
        if (draw < stalling + cut) response.destroy();
        else if (draw < stalling + cut + failing) response.writeHead(500).end('{"error":{"message":"internal"}}');
        else {
          good += 1;
          response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
        }
      },
      latencyMs * (1 + spread * (2 * random.next() - 1)),
    );
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
  process.on('message', () => {
    count();
    const allowed = (slotMs / (occupiedMs / served) + quota) * (good / served);
    process.send?.({ allowed, refused } satisfies ServerCounts);
  });
  process.on('disconnect', () => process.exit(0));
}

if (process.send !== undefined) serve(JSON.parse(process.argv[2] ?? '') as ServerSettings);
