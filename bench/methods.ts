// What inference-time methods cost beside the model: a method's own time and processor time a call, with many questions
// in flight and 100 ms latency; prefixes that verifiers did not score twice; whole journaled runs against a loopback
// endpoint. Exits 1 where a method's own time is above 5 % of the time it waits for the model.
//   node bench/methods.ts [--questions 500] [--latency 100] [--in-flight 500]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ownTime } from './methods/own-time.ts';

const { values } = parseArgs({
  options: {
    questions: { type: 'string', default: '500' },
    latency: { type: 'string', default: '100' },
    'in-flight': { type: 'string', default: '500' },
  },
});
const questions = Number(values.questions);
const latencyMs = Number(values.latency);
const inFlight = Number(values['in-flight']);

const specs = [
  'direct',
  'chain-of-thought',
  'self-consistency:n=5',
  'self-consistency:n=10,stop=certain',
  'best-of-n:n=5',
  'self-correct:rounds=2',
  'stepco:rounds=5',
];

const here = (name: string): string => fileURLToPath(new URL(`methods/${name}`, import.meta.url));
const cell = (value: number, digits: number, width: number): string => value.toFixed(digits).padStart(width);
const missed: string[] = [];

console.log(`Methods alone: ${questions} questions in flight, models that answer after ${latencyMs} ms.`);
console.log(
  'method                               calls/q  own ms/call   % of model  CPU ms/call  prefixes not scored twice',
);
for (const spec of specs) {
  const { calls, verifierCalls, stepsScored, ownMs, modelMs, cpuMs } = await ownTime(spec, questions, latencyMs);
  const share = ownMs / modelMs;
  const cached = stepsScored === 0 ? '' : `${cell(100 * (1 - verifierCalls / stepsScored), 1, 8)} % of ${stepsScored}`;
  console.log(
    `${spec.padEnd(36)} ${cell(calls / questions, 2, 7)}  ${cell((ownMs * questions) / calls, 3, 11)}  ${cell(100 * share, 2, 9)} %  ${cell(cpuMs / calls, 3, 11)}  ${cached}`,
  );
  if (share > 0.05) missed.push(`${spec}: own time is ${(100 * share).toFixed(1)} % of the model's`);
}

interface Figures {
  readonly seconds: number;
  readonly calls: number;
  readonly latencyMs: number;
  readonly cpuMs: number;
}

async function wholeRun(spec: string, file: string): Promise<Figures> {
  const home = mkdtempSync(join(tmpdir(), 'fettle-methods-'));
  const endpoint = spawn(process.execPath, [here('endpoint.mjs'), String(latencyMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [port] = (await once(endpoint.stdout, 'data')) as [Buffer];
    const args = [here('contestant.ts'), spec, file, String(inFlight), port.toString().trim(), home];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    if (code !== 0) throw new Error(`${spec} ended with ${code}`);
    return JSON.parse(text) as Figures;
  } finally {
    endpoint.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

console.log(`\nWhole runs: journaled, loopback endpoint of ${latencyMs} ms, at most ${inFlight} calls at once.`);
console.log('method                               calls/q    calls/s  CPU ms/call  % of latency  CPU beside direct');
const folder = mkdtempSync(join(tmpdir(), 'fettle-methods-data-'));
try {
  const file = join(folder, 'rows.jsonl');
  const rows = Array.from({ length: questions }, (_, i) =>
    JSON.stringify({ input: `Question ${i}: how many?`, target: '1' }),
  );
  writeFileSync(file, `${rows.join('\n')}\n`);
  let direct: number | undefined;
  for (const spec of specs) {
    const { seconds, calls, cpuMs } = await wholeRun(spec, file);
    const each = cpuMs / calls;
    direct ??= each;
    console.log(
      `${spec.padEnd(36)} ${cell(calls / questions, 2, 7)}  ${cell(calls / seconds, 0, 9)}  ${cell(each, 3, 11)}  ${cell((100 * each) / latencyMs, 2, 10)} %  ${cell(each / direct, 2, 16)}x`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(missed.length === 0 ? '\nThe bound on own time holds.' : `\nMissed:\n  ${missed.join('\n  ')}`);
process.exit(missed.length === 0 ? 0 : 1);
