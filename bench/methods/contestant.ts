// One method as a whole run, everything journaled, in a process of its own. Prints one JSON line.
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// As bin/fettle.mjs does.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=35');

const [spec = '', file = '', flight = '0', port = '0', home = ''] = process.argv.slice(2);
const { openStore } = await import('../../src/store/index.ts');
const { startRun } = await import('../../src/workbench/index.ts');

const address = `http://127.0.0.1:${port}/v1`;
const store = await openStore(join(home, 'store'));
let cpu = process.cpuUsage();
const end = await startRun(
  {
    target: { kind: 'file', path: file, fields: {}, scorers: ['numeric'] },
    models: { main: `${address}#solver`, verifier: `${address}#judge` },
    method: spec,
    concurrency: Number(flight),
  },
  store,
  { onStart: () => void (cpu = process.cpuUsage()) },
);
const used = process.cpuUsage(cpu);
let [calls, latencyMs] = [0, 0];
for await (const call of store.calls(end.run.id)) {
  calls += 1;
  latencyMs += call.latencyMs;
}
await store.close();
if (end.outcome.failed > 0 || end.outcome.state !== 'completed') throw new Error(`${spec}: ${end.outcome.state}`);
const { seconds } = end.outcome;
process.stdout.write(`${JSON.stringify({ seconds, calls, latencyMs, cpuMs: (used.user + used.system) / 1000 })}\n`);
