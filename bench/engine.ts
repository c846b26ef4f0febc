// Steps a second of the recipe `cliperase` beside a plain PyTorch loop of the same model and objective.
//   node bench/engine.ts [--device cpu|cuda] [--architecture tiny|compact] [--steps N]
// The plain loop (engine/bench/plain_loop.py) calls the towers on every pair and a live frozen copy for the consistency
// term; its other rows add what the engine does, one thing after another. Both use one CPU thread. On a GPU the last
// row replays steps as a CUDA graph, and the row before it does not. Exits 1 where ours is not faster than plain.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { applyForgetRule, parseForgetRule } from '../src/data/index.ts';
import { type CliperaseJobInput, engineEnvironment, startEngine } from '../src/engine/index.ts';
import {
  architectures,
  drawnPictures,
  forgetSets,
  hashItems,
  preparePairs,
  splitItems,
} from '../src/training/index.ts';

const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'cpu' },
    architecture: { type: 'string', default: 'tiny' },
    steps: { type: 'string', default: '120' },
  },
});
const device = z.enum(['cpu', 'cuda']).parse(values.device);
const architecture = architectures[z.enum(['tiny', 'compact']).parse(values.architecture)];
const steps = z.coerce.number().int().min(40).parse(values.steps);
const warmup = 20;
const batch = { forget: 16, retain: 64 };

const folder = mkdtempSync(join(tmpdir(), 'fettle-engine-bench-'));
const measured = z.object({ stepsPerSecond: z.number(), peakBytes: z.number() });
type Row = z.output<typeof measured> & { readonly name: string };

try {
  const items = await hashItems(drawnPictures({ size: 32, train: 60, test: 20 }).items);
  const split = splitItems(items, { seed: 0, duplicates: 'drop' });
  const selection = applyForgetRule(parseForgetRule('classes=star'), items, { duplicates: 'drop' });
  const pairs = await preparePairs({ items, size: 32, texts: { from: 'classes' }, cacheFolder: join(folder, 'pairs') });
  const sets = join(folder, 'sets.json');
  writeFileSync(sets, JSON.stringify(forgetSets(split, selection, items)));
  const data = { pairs: pairs.folder, sets };

  const model = await makeModel();
  const rows: Row[] = [
    plain('plain loop', model, []),
    plain('+ teacher features once', model, ['--cached-teacher']),
    plain('+ each text once a step', model, ['--cached-teacher', '--distinct-texts']),
  ];
  if (device === 'cuda') rows.push(await ours('engine, no graph', model, true));
  rows.push(await ours('engine', model, false));

  const base = rows[0] as Row;
  console.log(
    `${values.architecture} CLIP on ${device}, ${batch.forget} + ${batch.retain} pairs a step, ${steps} steps`,
  );
  for (const { name, stepsPerSecond, peakBytes } of rows) {
    const ratio = (stepsPerSecond / base.stepsPerSecond).toFixed(2);
    console.log(
      `${name.padEnd(26)}${stepsPerSecond.toFixed(1).padStart(7)} steps/s  ${ratio} x  peak ${Math.round(peakBytes / 1e6)} MB`,
    );
  }
  if ((rows.at(-1) as Row).stepsPerSecond <= base.stepsPerSecond) process.exitCode = 1;

  /** A model as it is after a few steps of training: nothing here depends on what it knows. */
  async function makeModel(): Promise<string> {
    await using engine = await startEngine();
    const outcome = await engine.run({
      v: 1,
      kind: 'clip',
      out: join(folder, 'model'),
      data,
      model: { architecture },
      steps: 4,
      batch: { items: 32 },
      optimizer: { learningRate: 1e-3 },
      device,
      threads: 1,
      save: {},
      log: {},
    });
    if (outcome.kind !== 'done') throw new Error('the model was not made');
    return String(outcome.summary['model']);
  }

  function plain(name: string, checkpoint: string, flags: readonly string[]): Row {
    const script = fileURLToPath(new URL('../engine/bench/plain_loop.py', import.meta.url));
    const numbers = ['--steps', steps, '--warmup', warmup, '--forget', batch.forget, '--retain', batch.retain];
    const text = execFileSync(
      engineEnvironment().python,
      [
        script,
        '--model',
        checkpoint,
        '--pairs',
        data.pairs,
        '--sets',
        sets,
        '--device',
        device,
        ...numbers.map(String),
        ...flags,
      ],
      { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1' }, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    return { name, ...measured.parse(JSON.parse(text)) };
  }

  /** Warm-up is left out: the rate is that of the steps after the first line of progress past it. */
  async function ours(name: string, checkpoint: string, deterministic: boolean): Promise<Row> {
    await using engine = await startEngine({ deterministic });
    const job: CliperaseJobInput = {
      v: 1,
      kind: 'cliperase',
      out: join(folder, name.replaceAll(/\W+/g, '-')),
      cache: join(folder, 'features'),
      data,
      model: { path: checkpoint },
      objective: { name: 'cliperase', forgetting: {}, retention: {}, consistency: {} },
      batch,
      steps: warmup + steps,
      optimizer: { learningRate: 1e-4 },
      device,
      threads: 1,
      deterministic,
      keep: 'last',
      save: {},
      log: { everySteps: warmup },
    };
    const marks: { step: number; t: number; peakBytes: number }[] = [];
    const outcome = await engine.run(job, {
      onEvent(event) {
        if (event.event === 'progress') marks.push({ step: event.step, t: event.t, peakBytes: event.peakBytes });
      },
    });
    if (outcome.kind !== 'done') throw new Error('the job was not done');
    const first = marks.find(({ step }) => step >= warmup);
    const last = marks.at(-1);
    if (first === undefined || last === undefined) throw new Error('there was no progress');
    return { name, stepsPerSecond: (last.step - first.step) / (last.t - first.t), peakBytes: last.peakBytes };
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
