#!/usr/bin/env node
// Stands for a Python with the engine in tests of faults: FAKE_ENGINE names what goes wrong. No evidence of anything else.
import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const mode = process.env.FAKE_ENGINE ?? 'well';
const args = process.argv.slice(2);
let seq = 0;

function emit(id, event, fields) {
  writeSync(1, `${JSON.stringify({ v: 1, id, seq: seq++, t: seq / 10, event, ...fields })}\n`);
}

function ready(id = null) {
  emit(id, 'ready', {
    versions: { python: '3.12.3', torch: '2.13.0', arguments: args.join(' ') },
    device: 'cpu',
    devices: [],
    processes: 1,
  });
}

function step(id, number) {
  emit(id, 'progress', {
    step: number,
    total: 10,
    loss: 1 / number,
    losses: { forgetting: null },
    gradientNorm: 1,
    learningRate: 1e-4,
    stepsPerSecond: 5,
    peakBytes: 1e6,
  });
}

function train(id, job) {
  emit(id, 'phase', { phase: 'train', done: 0, total: 10 });
  step(id, 1);
  step(id, 2);
  emit(id, 'checkpoint', { step: 2, path: `${job.out}/checkpoints/step-2` });
  if (mode === 'killed') process.kill(process.pid, 'SIGKILL');
  if (mode === 'exit-137') process.exit(137);
  if (mode === 'crash') {
    writeSync(2, 'Traceback (most recent call last):\nModuleNotFoundError: No module named "peft"\n');
    process.exit(1);
  }
  if (mode === 'garbage') writeSync(1, 'Loading checkpoint shards: 100%\n');
  if (mode === 'unknown-event') emit(id, 'surprise', {});
  if (mode === 'gap') seq += 2;
  if (mode === 'error') {
    const words = { code: 'out_of_memory', message: 'Memory ran out: 3 GiB', hint: 'Take smaller batches.' };
    return emit(id, 'error', { ...words, details: { where: 'step 3', peakBytes: 1 }, retryable: true });
  }
  if (mode === 'hang' || mode === 'cancel' || mode === 'stop-on-sigterm') return;
  step(id, 3);
  emit(id, 'artifact', { kind: 'model', path: `${job.out}/model`, sha256: 'ab', bytes: 12 });
  emit(id, 'done', { summary: { steps: 3, keep: job.save.keep } });
}

// A file's keys must not be seen by training code; the test reads this from `load`.
const seen = [
  'OPENAI_API_KEY',
  'HF_TOKEN',
  'HF_HUB_OFFLINE',
  'PYTHONSAFEPATH',
  'CUBLAS_WORKSPACE_CONFIG',
  'PYTHONPATH',
];

function serve() {
  if (mode === 'no-start') {
    writeSync(2, 'No module named fettle_engine\n');
    process.exit(1);
  }
  if (mode === 'silent') return setInterval(() => undefined, 1000);
  if (mode === 'hang') process.on('SIGTERM', () => undefined);
  writeSync(2, `${'x'.repeat(100)}\n`.repeat(1000));
  ready();
  let running;
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const request = JSON.parse(line);
    if (request.op === 'run') {
      running = request.id;
      train(request.id, request.job);
    } else if (request.op === 'load') {
      const variables = Object.fromEntries(seen.map((name) => [name, process.env[name] ?? null]));
      emit(request.id, 'result', { result: { variables } });
    } else if (request.op === 'generate') {
      if (mode === 'slow') return;
      emit(request.id, 'result', {
        result: { outputs: request.prompts.map((p) => p.maxTokens), long: 'é'.repeat(1e6) },
      });
    } else if (request.op === 'cancel') {
      if (mode === 'hang') return;
      if (request.target === running) emit(running, 'stopped', { step: 2, checkpoint: '/checkpoints/step-2' });
      emit(request.id, 'result', { result: {} });
    } else if (request.op === 'shutdown') {
      emit(request.id, 'result', { result: {} });
      process.exit(0);
    }
  });
  lines.on('close', () => {
    if (mode !== 'hang') process.exit(0);
  });
}

function runJob() {
  if (mode === 'stop-on-sigterm') {
    process.on('SIGTERM', () => {
      emit(null, 'stopped', { step: 2, checkpoint: '/checkpoints/step-2' });
      process.exit(3);
    });
    setInterval(() => undefined, 1000);
  }
  ready();
  train(null, JSON.parse(readFileSync(args[args.indexOf('--job') + 1], 'utf8')));
}

if (args[0] === '-c') writeSync(1, process.env.FAKE_INSPECTION ?? '{}');
else if (args.includes('serve')) serve();
else if (args.includes('run')) runJob();
else if (args.includes('probe')) ready();
