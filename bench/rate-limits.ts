/**
 * Goodput against an endpoint whose capacity moves, with refusals (with and without Retry-After), server errors,
 * cut and stalled connections: node bench/rate-limits.ts [--phase SECONDS]
 *
 * Contestants, each against its own server process with the same schedule and seed:
 * - adaptive: what `createModels` gives (src/models), at most 256 in flight;
 * - fixed N: N calls at once, exponential backoff with full jitter, Retry-After honoured by the call that was told.
 * Exits 1 where the adaptive one has less than 90 % of what the capacity allowed, or loses a call.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createModels, createOpenAICompatible, createRetry } from '../src/models/index.ts';
import type { CallOptions } from '../src/core/index.ts';
import type { Phase, ServerCounts, ServerSettings } from './rate-limits-server.ts';

const most = 256;
const required = 0.9;
const at = process.argv.indexOf('--phase');
const seconds = at === -1 ? 8 : Number(process.argv[at + 1]);

const phases: Phase[] = [
  { kind: 'in-flight', capacity: 50, seconds },
  { kind: 'in-flight', capacity: 200, seconds },
  { kind: 'in-flight', capacity: 20, seconds },
  { kind: 'quota', perSecond: 300, seconds },
  { kind: 'closed', seconds: 2 },
  { kind: 'in-flight', capacity: 120, seconds },
  { kind: 'in-flight', capacity: 8, seconds },
  { kind: 'quota', perSecond: 80, seconds },
  { kind: 'in-flight', capacity: 160, seconds },
];
const settings: ServerSettings = {
  phases,
  latencyMs: 200,
  spread: 0.3,
  failing: 0.01,
  cut: 0.005,
  stalling: 0.002,
  patienceMs: 1500,
  seed: 'rate-limits',
};
const totalMs = phases.reduce((sum, phase) => sum + phase.seconds * 1000, 0);

interface Contestant {
  readonly name: string;
  readonly workers: number;
  open(baseUrl: string): Promise<{ ask(options: CallOptions): Promise<unknown>; close(): Promise<void> }>;
}

const request = {
  messages: [{ role: 'user', content: 'What is six times seven?' }] as const,
  maxTokens: 4,
  temperature: 0,
};
const timeoutSeconds = settings.patienceMs / 1000;

const adaptive: Contestant = {
  name: `adaptive, at most ${most}`,
  workers: most,
  async open(baseUrl) {
    const models = createModels({
      config: { endpoints: { moving: { baseUrl, timeoutSeconds } } },
      concurrency: most,
      env: {},
    });
    const model = await models.resolve('moving:m');
    return { ask: (options) => model.generate(request, options), close: () => models.close() };
  },
};

const fixed = (workers: number): Contestant => ({
  name: `fixed ${workers}, plain backoff`,
  workers,
  async open(baseUrl) {
    const model = createOpenAICompatible({ id: 'm', baseUrl, model: 'm', timeoutSeconds });
    const retry = createRetry({ attempts: 1000, baseMs: 1000, capMs: 60_000 });
    return {
      ask: (options) => retry(() => model.generate(request, options), options),
      close: async () => model.close?.(),
    };
  },
});

async function measure(contestant: Contestant): Promise<{ ratio: number; lost: number }> {
  const server = fork(fileURLToPath(new URL('rate-limits-server.ts', import.meta.url)), [JSON.stringify(settings)]);
  const [{ port }] = (await once(server, 'message')) as [{ port: number }];
  const client = await contestant.open(`http://127.0.0.1:${port}/v1`);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  let good = 0;
  let wasted = 0;
  let lost = 0;
  let open = true;
  const stop = new AbortController();
  const worker = async (): Promise<void> => {
    while (open) {
      try {
        await client.ask({ signal: stop.signal, onAttemptFailed: () => (wasted += 1) });
        if (open) good += 1;
      } catch (error) {
        // Calls that are still open at the end are broken off by us, not lost.
        if (open || error !== stop.signal.reason) lost += 1;
      }
    }
  };
  const workers = Array.from({ length: contestant.workers }, worker);
  await new Promise((resolve) => setTimeout(resolve, totalMs - (performance.now() - startedAt)));
  const counts = await ask(server);
  open = false;
  stop.abort(new Error('the time is over'));
  await Promise.all(workers);
  const used = process.cpuUsage(cpu);
  await client.close();
  server.disconnect();
  await once(server, 'exit');
  const ratio = good / counts.allowed;
  const cells = [
    contestant.name.padEnd(26),
    counts.allowed.toFixed(0).padStart(9),
    String(good).padStart(9),
    `${(100 * ratio).toFixed(1)} %`.padStart(9),
    (wasted / good).toFixed(3).padStart(14),
    String(counts.refused).padStart(9),
    String(lost).padStart(6),
    ((used.user + used.system) / 1000 / good).toFixed(2).padStart(13),
  ];
  console.log(cells.join(''));
  return { ratio, lost };
}

async function ask(server: ChildProcess): Promise<ServerCounts> {
  server.send('counts');
  const [counts] = (await once(server, 'message')) as [ServerCounts];
  return counts;
}

console.log(
  `${totalMs / 1000} s each; latency ${settings.latencyMs} ms ± ${100 * settings.spread} %; phases: ${phases.map(describe).join(', ')}`,
);
console.log(
  `${'contestant'.padEnd(26)}${['allowed', 'good'].map((name) => name.padStart(9)).join('')}    share   wasted/good  refused  lost  CPU ms/good`,
);
const result = await measure(adaptive);
for (const workers of [64, most]) await measure(fixed(workers));
if (result.ratio < required || result.lost > 0) {
  console.log(`Below ${100 * required} % of what was allowed, or calls were lost.`);
  process.exitCode = 1;
}

function describe(phase: Phase): string {
  if (phase.kind === 'closed') return `${phase.seconds} s closed`;
  return phase.kind === 'quota' ? `${phase.perSecond} a second` : `${phase.capacity} in flight`;
}
