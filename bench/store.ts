/**
 * What the store costs: CPU of a call row plus a result row, rows a second, peak memory.
 *
 *   node bench/store.ts [--samples 20000] [--in-flight 100] [--latency 0] [--modes none,store,…]
 *
 * Each mode runs in a process of its own and does the same work: `in-flight` workers take samples one by one, wait
 * `latency` milliseconds (drawn between half and one and a half of it), journal one call, save one result.
 * `none` is the same without a store; its CPU is taken off the others. `row-by-row` is the named baseline: the same
 * tables, one transaction a row. `power` is the store that also outlives a power cut.
 */
import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { CallRecord, RunRecord, SampleResult, Store } from '../src/core/index.ts';
import { databaseName, openStore } from '../src/store/index.ts';

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '20000' },
    'in-flight': { type: 'string', default: '100' },
    latency: { type: 'string', default: '0' },
    modes: { type: 'string', default: 'none,row-by-row,store,power' },
    child: { type: 'string' },
  },
});

interface Figures {
  readonly seconds: number;
  readonly cpuMs: number;
  readonly mainCpuMs: number;
  readonly peakMb: number;
  readonly diskMb: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  /** Results and calls together, streamed from a store that was opened again. */
  readonly readRowsPerSecond: number;
}

const samples = Number(values.samples);
const words =
  'the product that was bought by most customers of this shop in spring has which of these properties '.split(' ');

function textOf(sample: number, length: number): string {
  let text = `Question ${sample}: `;
  for (let i = sample; text.length < length; i += 7) text += `${words[i % words.length]} `;
  return text;
}

function recordsOf(sample: number): { call: CallRecord; result: SampleResult } {
  const input = [
    { role: 'system' as const, content: textOf(1, 300) },
    { role: 'user' as const, content: textOf(sample, 900) },
  ];
  const request = JSON.stringify({ messages: input, maxTokens: 512, temperature: 0, seed: 1 });
  const text = textOf(sample + 3, 200);
  const usage = { inputTokens: 310, outputTokens: 55 };
  const call: CallRecord = {
    task: 'task',
    sampleId: `sample-${sample}`,
    epoch: 1,
    key: hash('sha256', `${request}1`),
    cacheKey: hash('sha256', request),
    position: 0,
    role: 'main',
    kind: 'generate',
    model: 'openai:some-model',
    request,
    response: JSON.stringify({ text, finishReason: 'stop', usage }),
    ...usage,
    attempts: 1,
    startedAt: 1_700_000_000_000 + sample,
    latencyMs: 101.5,
  };
  const result: SampleResult = {
    task: 'task',
    sampleId: `sample-${sample}`,
    epoch: 1,
    index: sample,
    status: 'completed',
    input,
    target: 'A',
    choices: ['A', 'B', 'C', 'D'],
    labels: { skill: 'concept', language: 'en' },
    metadata: { source: 'bench' },
    answer: { text },
    scores: { accuracy: { value: 1, parsed: true, answer: 'A', explanation: 'read A' } },
    usage: { ...usage, calls: 1, wastedCalls: 0, replayedCalls: 0 },
    trace: [],
    startedAt: 1_700_000_000_000 + sample,
    durationMs: 102.25,
  };
  return { call, result };
}

const run: RunRecord = {
  id: 'bench',
  benchmark: 'bench',
  mode: 'strict',
  state: 'running',
  createdAt: 1,
  updatedAt: 1,
  config: {},
  hashes: { data: '', code: '' },
  completed: 0,
  failed: 0,
};

async function readingRate(folder: string): Promise<number> {
  const store = await openStore(folder);
  const begun = performance.now();
  let rows = 0;
  for await (const result of store.results('bench')) rows += result.input.length > 0 ? 1 : 0;
  for await (const call of store.calls('bench')) rows += call.request === '' ? 0 : 1;
  const seconds = (performance.now() - begun) / 1000;
  await store.close();
  return rows / seconds;
}

async function measure(mode: string): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'fettle-bench-'));
  try {
    const store: Store | undefined =
      mode === 'none'
        ? undefined
        : await openStore(folder, {
            durability: mode === 'power' ? 'power' : 'process',
            ...(/^pace-\d+$/.test(mode) ? { batching: { paceMs: Number(mode.slice(5)) } } : {}),
            ...(mode === 'row-by-row' ? { batching: { maxBatch: 1, paceMs: 0 } } : {}),
          });
    await store?.createRun(run);
    const tick = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
    let next = 0;
    const unwritten = new Set<Promise<void>>();
    const worker = async (number: number): Promise<void> => {
      const latency = Number(values.latency);
      for (let sample = next++; sample < samples; sample = next++) {
        const { call, result } = recordsOf(sample);
        if (latency > 0) await sleep(latency * (0.5 + ((sample * 7919 + number * 104_729) % 1000) / 1000));
        await (store === undefined ? tick() : store.appendCall('bench', call));
        // As the runner does: the worker goes on while its result is written, within a bound.
        const written = store === undefined ? tick() : store.saveResult('bench', result);
        const settled = written.then(() => void unwritten.delete(settled));
        unwritten.add(settled);
        if (unwritten.size >= 1000) await settled;
      }
    };
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const [cpu, main, begun] = [process.cpuUsage(), process.threadCpuUsage(), performance.now()];
    await Promise.all(Array.from({ length: Number(values['in-flight']) }, (_, number) => worker(number)));
    await Promise.all(unwritten);
    await store?.close();
    const [cpuUsed, mainUsed, ended] = [process.cpuUsage(cpu), process.threadCpuUsage(main), performance.now()];
    delay.disable();
    const diskMb = store === undefined ? 0 : statSync(join(folder, databaseName)).size / 1e6;
    const peakMb = process.resourceUsage().maxRSS / 1024;
    return {
      seconds: (ended - begun) / 1000,
      cpuMs: (cpuUsed.user + cpuUsed.system) / 1000,
      mainCpuMs: (mainUsed.user + mainUsed.system) / 1000,
      peakMb,
      diskMb,
      readRowsPerSecond: store === undefined ? 0 : await readingRate(folder),
      delayP99Ms: delay.percentile(99) / 1e6,
      delayMaxMs: delay.max / 1e6,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.child !== undefined) {
  console.log(JSON.stringify(await measure(values.child)));
} else {
  const given = ['--samples', values.samples, '--in-flight', values['in-flight'], '--latency', values.latency];
  console.log(`${samples} samples, ${values['in-flight']} in flight, ${values.latency} ms latency`);
  console.log('mode         µs/sample  main µs  samples/s  peak MB  disk MB  loop delay p99/max ms  read rows/s');
  let floor: Figures | undefined;
  for (const mode of values.modes.split(',')) {
    const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--child', mode, ...given], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.status !== 0) throw new Error(`mode ${mode} failed`);
    const figures = JSON.parse(child.stdout) as Figures;
    if (mode === 'none') floor = figures;
    const over = (field: 'cpuMs' | 'mainCpuMs'): string =>
      (((figures[field] - (mode === 'none' ? 0 : (floor?.[field] ?? 0))) * 1000) / samples).toFixed(1);
    console.log(
      [
        mode.padEnd(12),
        over('cpuMs').padStart(9),
        over('mainCpuMs').padStart(8),
        (samples / figures.seconds).toFixed(0).padStart(10),
        figures.peakMb.toFixed(0).padStart(8),
        figures.diskMb.toFixed(1).padStart(8),
        `${figures.delayP99Ms.toFixed(1)}/${figures.delayMaxMs.toFixed(1)}`.padStart(22),
        figures.readRowsPerSecond.toFixed(0).padStart(12),
      ].join(' '),
    );
  }
}
