// What `fettle serve` costs beside the calls that it makes: requests to an endpoint with 100 ms latency, and the same
// requests through `fettle serve --method direct` before it, everything journaled; in turns, in one run.
//   node bench/serve.ts [--requests 4000] [--in-flight 1,200] [--rounds 3]
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '4000' },
    'in-flight': { type: 'string', default: '1,200' },
    rounds: { type: 'string', default: '3' },
  },
});
const requests = Number(values.requests);
const flights = values['in-flight'].split(',').map(Number);
const rounds = Number(values.rounds);
/** Sequential requests take 100 ms each; so many are enough for a median. */
const sequentialRequests = 40;

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

interface Figures {
  readonly rate: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}

let asked = 0;

async function drive(origin: string, count: number, inFlight: number, stream: boolean): Promise<Figures> {
  const pool = new Pool(origin, { connections: inFlight });
  const times: number[] = [];
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const content = `${'An ordinary sentence that makes the question about as long as questions are. '.repeat(4)}${asked++}`;
      const body = { model: 'loopback', messages: [{ role: 'user', content }], temperature: 0, max_tokens: 8, stream };
      const begin = performance.now();
      const response = await pool.request({
        path: '/v1/chat/completions',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await response.body.text();
      times.push(performance.now() - begin);
      if (response.statusCode !== 200 || !text.includes('42')) throw new Error(`${response.statusCode}: ${text}`);
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: inFlight }, worker));
  const seconds = (performance.now() - begin) / 1000;
  await pool.close();
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(share * (times.length - 1))] ?? NaN;
  return { rate: count / seconds, medianMs: at(0.5), p95Ms: at(0.95) };
}

/** Processor time of a process so far, in ms (Linux: user and system time in ticks of 10 ms). */
function cpuMs(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function peakMb(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}

const home = mkdtempSync(join(tmpdir(), 'fettle-serve-'));
const endpoint = spawn(process.execPath, [here('overhead/endpoint.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
let server: ChildProcess | undefined;
try {
  const [port] = (await once(endpoint.stdout, 'data')) as [Buffer];
  const upstream = `http://127.0.0.1:${port.toString().trim()}`;
  const words = ['--model', `${upstream}/v1#loopback`, '--port', '0', '--home', home, '--concurrency'];
  server = spawn(
    process.execPath,
    [here('../bin/fettle.mjs'), 'serve', ...words, String(Math.max(...flights)), '--json', '--quiet'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(server.stdout as NonNullable<typeof server.stdout>, 'data')) as [Buffer];
  const { address } = JSON.parse(line.toString()) as { address: string };
  const { origin } = new URL(address);
  await drive(origin, 400, Math.max(...flights), false);
  await drive(upstream, 400, Math.max(...flights), false);

  console.log('in flight  way               rate/s  of direct  median ms  p95 ms  CPU ms/request');
  for (const inFlight of flights) {
    const count = inFlight === 1 ? Math.min(requests, sequentialRequests) : requests;
    const all = { direct: [] as Figures[], serve: [] as Figures[], 'serve, streamed': [] as Figures[] };
    const cpu = { direct: 0, serve: 0, 'serve, streamed': 0 };
    for (let round = 0; round < rounds; round++) {
      all.direct.push(await drive(upstream, count, inFlight, false));
      for (const [way, stream] of [
        ['serve', false],
        ['serve, streamed', true],
      ] as const) {
        const before = cpuMs(server.pid);
        all[way].push(await drive(origin, count, inFlight, stream));
        cpu[way] += (cpuMs(server.pid) - before) / count / rounds;
      }
    }
    const direct = median(all.direct.map(({ rate }) => rate));
    for (const way of ['direct', 'serve', 'serve, streamed'] as const) {
      const of = (pick: (figures: Figures) => number): number => median(all[way].map(pick));
      const rate = of((figures) => figures.rate);
      const cells = [
        String(inFlight).padStart(9),
        way.padEnd(15),
        rate.toFixed(inFlight === 1 ? 2 : 0).padStart(7),
        `${((100 * rate) / direct).toFixed(1)} %`.padStart(9),
        of((figures) => figures.medianMs)
          .toFixed(1)
          .padStart(9),
        of((figures) => figures.p95Ms)
          .toFixed(1)
          .padStart(6),
        way === 'direct' ? ''.padStart(14) : cpu[way].toFixed(2).padStart(14),
      ];
      console.log(cells.join('  '));
    }
  }
  console.log(`Peak memory of the server: ${peakMb(server.pid).toFixed(0)} MB.`);
} finally {
  if (server?.exitCode === null) {
    server.kill('SIGINT');
    await once(server, 'exit');
  }
  endpoint.kill();
  rmSync(home, { recursive: true, force: true });
}
