// One contestant in a process of its own: `fettle` is the product with everything journaled, `bare` a loop over undici.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// As bin/fettle.mjs does.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=35');

const [kind = '', file = '', count = '0', flight = '0', port = '0', home = ''] = process.argv.slice(2);
const inFlight = Number(flight);
const address = `http://127.0.0.1:${port}/v1`;

function peakMb(): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}

async function fettle(): Promise<{ seconds: number; cpuMs: number }> {
  const { openStore } = await import('../../src/store/index.ts');
  const { startRun } = await import('../../src/workbench/index.ts');
  const store = await openStore(join(home, 'store'));
  let cpu = process.cpuUsage();
  const end = await startRun(
    {
      target: { kind: 'file', path: file, fields: {}, scorers: ['exact'] },
      models: { main: `${address}#loopback` },
      concurrency: inFlight,
      settings: { temperature: 0, maxTokens: 8 },
    },
    store,
    {
      onStart: () => {
        cpu = process.cpuUsage();
      },
    },
  );
  const used = process.cpuUsage(cpu);
  await store.close();
  if (end.outcome.completed !== Number(count))
    throw new Error(`${end.outcome.completed} of ${count} samples completed`);
  return { seconds: end.outcome.seconds, cpuMs: (used.user + used.system) / 1000 };
}

async function bare(): Promise<{ seconds: number; cpuMs: number }> {
  const { Pool } = await import('undici');
  const { createReadStream } = await import('node:fs');
  const { createInterface } = await import('node:readline');
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: inFlight });
  const lines = createInterface({ input: createReadStream(file) })[Symbol.asyncIterator]();
  const begin = performance.now();
  const cpu = process.cpuUsage();
  const worker = async (): Promise<void> => {
    for (;;) {
      const next = await lines.next();
      if (next.done === true) return;
      const { input } = JSON.parse(next.value) as { input: string };
      const response = await pool.request({
        path: '/v1/chat/completions',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'loopback',
          messages: [{ role: 'user', content: input }],
          temperature: 0,
          max_tokens: 8,
        }),
      });
      await response.body.json();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const seconds = (performance.now() - begin) / 1000;
  const used = process.cpuUsage(cpu);
  await pool.close();
  return { seconds, cpuMs: (used.user + used.system) / 1000 };
}

const figures = kind === 'fettle' ? await fettle() : await bare();
process.stdout.write(`${JSON.stringify({ ...figures, peakMb: peakMb() })}\n`);
