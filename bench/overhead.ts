// What Fettle costs beside the calls themselves: samples a second, processor time and memory against a loopback endpoint
// with 100 ms latency, everything journaled, beside a bare undici loop in the same run.
//   node bench/overhead.ts [--samples 1000,10000,100000] [--in-flight 100,500]
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '1000,10000,100000' },
    'in-flight': { type: 'string', default: '100,500' },
  },
});
const counts = values.samples.split(',').map(Number);
const flights = values['in-flight'].split(',').map(Number);
const latencySeconds = 0.1;

interface Figures {
  readonly seconds: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

const here = (name: string): string => fileURLToPath(new URL(`overhead/${name}`, import.meta.url));

async function writeSamples(file: string, count: number): Promise<void> {
  const out = createWriteStream(file);
  const filler = 'An ordinary sentence that makes the question about as long as questions are. '.repeat(4);
  for (let i = 0; i < count; i++) {
    const line = `${JSON.stringify({ input: `${filler}Question ${i}: what is 6 times 7?`, target: '42' })}\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

async function contestant(kind: string, file: string, count: number, inFlight: number): Promise<Figures> {
  const home = mkdtempSync(join(tmpdir(), 'fettle-overhead-'));
  // A fresh endpoint for each, so that none finds a warmer one.
  const endpoint = spawn(process.execPath, [here('endpoint.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [port] = (await once(endpoint.stdout, 'data')) as [Buffer];
    const args = [here('contestant.ts'), kind, file, String(count), String(inFlight), port.toString().trim(), home];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    if (code !== 0) throw new Error(`${kind} ended with ${code}`);
    return JSON.parse(text) as Figures;
  } finally {
    endpoint.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

const folder = mkdtempSync(join(tmpdir(), 'fettle-overhead-data-'));
const missed: string[] = [];
const peaks = new Map<number, number>();
console.log('samples  in flight  contestant     rate/s  of ideal  of bare  CPU ms/sample  peak MB');
try {
  for (const count of counts) {
    const file = join(folder, `samples-${count}.jsonl`);
    await writeSamples(file, count);
    for (const inFlight of flights) {
      const ideal = inFlight / latencySeconds;
      const bare = await contestant('bare', file, count, inFlight);
      const fettle = await contestant('fettle', file, count, inFlight);
      for (const [name, { seconds, cpuMs, peakMb }] of [
        ['bare undici', bare],
        ['fettle', fettle],
      ] as const) {
        const rate = count / seconds;
        const cells = [
          String(count).padStart(7),
          String(inFlight).padStart(9),
          ` ${name.padEnd(11)}`,
          rate.toFixed(0).padStart(8),
          `${((100 * rate) / ideal).toFixed(1)} %`.padStart(8),
          `${((100 * bare.seconds) / seconds).toFixed(1)} %`.padStart(7),
          (cpuMs / count).toFixed(3).padStart(13),
          peakMb.toFixed(0).padStart(7),
        ];
        console.log(cells.join('  '));
      }
      const share = count / fettle.seconds / ideal;
      if (count >= 10_000 && inFlight <= 100 && share < 0.95)
        missed.push(`${count} at ${inFlight}: ${share.toFixed(3)} of ideal, below 0.95`);
      if (count >= 10_000 && inFlight > 100 && share < 0.8)
        missed.push(`${count} at ${inFlight}: ${share.toFixed(3)} of ideal, below 0.80`);
      if (count >= 10_000 && fettle.cpuMs / count > 0.5)
        missed.push(`${count} at ${inFlight}: ${(fettle.cpuMs / count).toFixed(3)} ms CPU a sample, above 0.5`);
      if (fettle.peakMb > 200) missed.push(`${count} at ${inFlight}: ${fettle.peakMb.toFixed(0)} MB, above 200`);
      peaks.set(count, Math.max(peaks.get(count) ?? 0, fettle.peakMb));
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const small = peaks.get(10_000);
const large = peaks.get(100_000);
if (small !== undefined && large !== undefined && large > small * 1.15) {
  missed.push(`memory grows with the count: ${small.toFixed(0)} MB at 10,000, ${large.toFixed(0)} MB at 100,000`);
}
console.log(missed.length === 0 ? 'All budgets are met.' : `Budgets missed:\n  ${missed.join('\n  ')}`);
process.exit(missed.length === 0 ? 0 : 1);
