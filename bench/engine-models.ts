// Calls a second of models of the engine, alone and in batches of up to 32: the same calls, all in flight at once.
//   node bench/engine-models.ts [--calls 64] [--batch 32] [--language FOLDER] [--encoder FOLDER]
// Without folders random checkpoints of a few thousand parameters are made, whose answers cost almost nothing: what is
// measured is then the way to the engine and back, and the least that a batch brings.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Model } from '../src/core/index.ts';
import { engineEnvironment } from '../src/engine/index.ts';
import { createEngineModel } from '../src/models/index.ts';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '64' },
    batch: { type: 'string', default: '32' },
    language: { type: 'string' },
    encoder: { type: 'string' },
  },
});
const calls = Number(values.calls);
const rounds = 3;
const root = mkdtempSync(join(tmpdir(), 'fettle-bench-engine-models-'));

function tiny(kind: 'language' | 'dual-encoder'): string {
  const program = fileURLToPath(new URL('../engine/tests/tiny_models.py', import.meta.url));
  const folder = join(root, kind);
  execFileSync(engineEnvironment().python, [program, kind, folder], { stdio: 'pipe' });
  return folder;
}

const language = values.language ?? tiny('language');
const encoder = values.encoder ?? tiny('dual-encoder');
const ask = (text: string) => ({ messages: [{ role: 'user' as const, content: text }] });
const works: readonly { name: string; folder: string; call: (model: Model, text: string) => Promise<unknown> }[] = [
  {
    name: 'generate, 16 tokens',
    folder: language,
    call: (model, text) => model.generate({ ...ask(text), maxTokens: 16 }),
  },
  {
    name: 'loglikelihood, 4 continuations',
    folder: language,
    call: async (model, text) =>
      model.loglikelihood?.({ ...ask(text), continuations: ['A', 'B', ' a dog', ' an apple'] }),
  },
  { name: 'embed, one text', folder: encoder, call: async (model, text) => model.embed?.({ texts: [text] }) },
];

/** Calls a second; each round asks other texts, because vectors are remembered. */
async function rate(
  model: Model,
  call: (model: Model, text: string) => Promise<unknown>,
  round: number,
): Promise<number> {
  const begin = performance.now();
  const asked = Array.from({ length: calls }, (_, n) => call(model, `question ${round} ${n}: what is this?`));
  await Promise.all(asked);
  return calls / ((performance.now() - begin) / 1000);
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;

try {
  const batch = Number(values.batch);
  console.log(`${'calls/s'.padEnd(32)}${'batch 1'.padStart(10)}${`batch ${batch}`.padStart(10)}${'ratio'.padStart(8)}`);
  for (const { name, folder, call } of works) {
    const [alone, together] = await Promise.all([
      createEngineModel(folder, { batch: 1 }),
      createEngineModel(folder, { batch }),
    ]);
    try {
      for (const model of [alone, together]) await call(model, 'weights are read with the first call');
      const rates: { alone: number; together: number }[] = [];
      for (let round = 0; round < rounds; round++) {
        rates.push({ alone: await rate(alone, call, round), together: await rate(together, call, round) });
      }
      const [one, many] = [median(rates.map((pair) => pair.alone)), median(rates.map((pair) => pair.together))];
      const ratio = median(rates.map((pair) => pair.together / pair.alone));
      console.log(
        `${name.padEnd(32)}${one.toFixed(1).padStart(10)}${many.toFixed(1).padStart(10)}${ratio.toFixed(1).padStart(8)}`,
      );
    } finally {
      await Promise.all([alone.close?.(), together.close?.()]);
    }
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
