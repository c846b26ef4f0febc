// The engine's Python environment for `npm test` and `npm run demo`, on a machine that may have little more than npm.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { environment, node, root, run, say } from './setup.mjs';

const fettle = join(root, 'bin', 'fettle.mjs');
const engine = join(root, 'engine');

/** A Python of a version that the engine takes, with what makes environments. */
function hasPython() {
  const check = 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))';
  return ['python3.12', 'python3.11', 'python3.13', 'python3', 'python'].some(
    (name) => spawnSync(name, ['-c', check], { stdio: 'ignore', env: environment() }).status === 0,
  );
}

/** Sets the environment up where it is missing; its interpreter, or undefined when that failed. */
export function prepareEngine({ withTests }) {
  const named = process.env.FETTLE_ENGINE_PYTHON;
  if (named) {
    say(`The engine's Python is ${named}, as FETTLE_ENGINE_PYTHON says.`);
    return named;
  }
  if (!hasPython() && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    say('Installing Python with venv for the engine (apt-get) …');
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    run('apt-get', ['update', '-qq'], quiet);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'python3', 'python3-venv'], quiet);
  }
  const args = [fettle, 'engine', 'setup', '--yes', '--json', ...(withTests ? ['--with-tests'] : [])];
  const { status, stdout } = spawnSync(node, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    env: environment(),
  });
  if (status !== 0) return undefined;
  const { python, versions, device, seconds, present } = JSON.parse(stdout);
  say(
    `The engine ${present ? 'is there' : `was set up in ${seconds} s`}: PyTorch ${versions.torch}, device ${device}, ${python}`,
  );
  return python;
}

/** Ruff and pyright over the engine. */
export function lintEngine(python) {
  const tool = (...args) => run(python, ['-m', ...args], { cwd: engine });
  return (
    tool('ruff', 'check', '--quiet', '.') ||
    tool('ruff', 'format', '--check', '--quiet', '.') ||
    tool('pyright', '--project', engine, '--pythonpath', python)
  );
}

/** Pytest over the engine; its counts are read from the report that it leaves. */
export function testEngine(python) {
  const report = join(root, '.cache', 'pytest.xml');
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(report, { force: true });
  const status = run(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `--junitxml=${report}`, 'tests'], {
    cwd: engine,
    env: { ...environment(), PYTHONPATH: join(engine, 'src'), PYTHONDONTWRITEBYTECODE: '1' },
  });
  return { status, counts: existsSync(report) ? junitCounts(readFileSync(report, 'utf8')) : undefined };
}

/** Sums of the attributes of a JUnit report's suites. */
export function junitCounts(xml) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [, attributes] of xml.matchAll(/<testsuite\s([^>]*)>/g)) {
    const read = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(attributes)?.[1] ?? 0);
    const failed = read('failures') + read('errors');
    counts.failed += failed;
    counts.skipped += read('skipped');
    counts.passed += read('tests') - failed - read('skipped');
  }
  return counts;
}
