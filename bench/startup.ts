/**
 * How long `fettle --version` and `fettle --help` take beside a bare `node -e 0`, as medians of 15 interleaved runs.
 * Ends with 1 where `--version` takes more than three times as long.
 *
 *     node bench/startup.ts
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/fettle.mjs', import.meta.url));
const rounds = 15;
const budget = 3;

const commands: Readonly<Record<string, readonly string[]>> = {
  'node -e 0': ['-e', '0'],
  'fettle --version': [bin, '--version'],
  'fettle --help': [bin, '--help'],
};

function secondsOf(args: readonly string[]): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  const seconds = (performance.now() - begin) / 1000;
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return seconds;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const times = new Map(Object.keys(commands).map((name) => [name, [] as number[]]));
// The first round fills the file cache and the compile cache and is not counted.
for (let round = 0; round <= rounds; round += 1) {
  // One after the other in each round, so that a busy machine slows all of them.
  for (const [name, args] of Object.entries(commands)) {
    const seconds = secondsOf(args);
    if (round > 0) times.get(name)?.push(seconds);
  }
}

const bare = median(times.get('node -e 0') ?? []);
console.log(`node ${process.version}, median of ${rounds} runs`);
for (const [name, values] of times) {
  const middle = median(values);
  console.log(`${name.padEnd(18)} ${(middle * 1000).toFixed(1).padStart(7)} ms  ${(middle / bare).toFixed(2)} x`);
}
const ratio = median(times.get('fettle --version') ?? []) / bare;
if (ratio > budget) {
  console.error(`fettle --version takes ${ratio.toFixed(2)} times as long as node -e 0; the budget is ${budget}.`);
  process.exitCode = 1;
}
