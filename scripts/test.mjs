// `npm test`: everything that has to hold, with its own set-up. Names of steps as arguments run only those.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lintEngine, prepareEngine, testEngine } from './engine-environment.mjs';
import { findBrowser, installDependencies, node, root, run, say } from './setup.mjs';

const wanted = process.argv.slice(2);
const bin = (name) => join(root, 'node_modules', '.bin', name);
const fettle = join(root, 'bin', 'fettle.mjs');
const results = [];

installDependencies();

const unit = () => {
  const report = join(root, '.cache', 'vitest.json');
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(report, { force: true });
  const status = run(bin('vitest'), ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
  return { status, report };
};

let engineCounts = { passed: 0, failed: 0, skipped: 0 };
let python;
/** Runs a step that needs the engine's environment; says so where that could not be made. */
const withEngine = (use) => {
  python ??= prepareEngine({ withTests: true });
  if (python !== undefined) return use(python);
  say('The engine could not be set up; its own words are above.');
  return 1;
};

/** In order: what is quick to fail comes first. */
const steps = [
  ['types', () => run(bin('tsc'), ['-p', root])],
  ['lint', () => run(bin('oxlint'), ['--deny-warnings'])],
  ['format', () => run(bin('oxfmt'), ['--check'])],
  ['layers', () => run(node, ['scripts/check-layers.ts'])],
  ['schemas', () => run(node, ['scripts/engine-schemas.ts', '--check'])],
  ['build', () => run(bin('tsdown'), ['--logLevel', 'error'])],
  ['docs', () => run(node, ['scripts/docs.ts', '--check'])],
  [
    'models',
    () => {
      // Real models for the tests that name one. Those tests say that they are skipped where this could not reach any source.
      const status = run(node, [fettle, 'models', 'pull', 'smollm2-135m', 'all-MiniLM-L6-v2']);
      if (status !== 0) say('Some models could not be fetched; the tests that need them will be skipped.');
      return 0;
    },
  ],
  [
    'browser',
    () => {
      findBrowser({ install: true });
      return 0;
    },
  ],
  ['engine', () => withEngine(() => 0)],
  ['engine-lint', () => withEngine(lintEngine)],
  [
    'engine-tests',
    () =>
      withEngine((interpreter) => {
        const { status, counts: counted } = testEngine(interpreter);
        if (counted === undefined) return 1;
        engineCounts = counted;
        return status;
      }),
  ],
];

let failed = false;
for (const [name, step] of steps) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const started = Date.now();
  say(`${name} …`);
  const status = step();
  say(`${name}: ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  results.push([name, status]);
  failed ||= status !== 0;
}

let counts = { passed: 0, failed: 0, skipped: 0 };
if (wanted.length === 0 || wanted.includes('tests')) {
  say('tests …');
  const { status, report } = unit();
  failed ||= status !== 0;
  try {
    const json = JSON.parse(readFileSync(report, 'utf8'));
    counts = {
      passed: json.numPassedTests,
      failed: json.numFailedTests,
      skipped: json.numPendingTests + json.numTodoTests,
    };
  } catch {
    failed = true;
    say('The test runner left no report.');
  }
}
for (const [name, status] of results) if (status !== 0) say(`${name} failed`);
if (wanted.length === 0 || wanted.some((name) => name.endsWith('tests'))) {
  // Failed tests of the engine are counted one by one, not once more as a step.
  const isCounted = (name) => name === 'engine-tests' && engineCounts.failed > 0;
  const broken = results.filter(([name, status]) => status !== 0 && !isCounted(name)).length;
  const sum = (name) => counts[name] + engineCounts[name];
  console.log(`${sum('passed')} passed, ${sum('failed') + broken} failed, ${sum('skipped')} skipped`);
}
process.exit(failed ? 1 : 0);
