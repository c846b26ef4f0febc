// What `npm run demo` and `npm test` need before anything else. Plain JavaScript for any Node from 18 on:
// it is what installs the Node that the rest runs on.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../', import.meta.url));
export const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

export function say(text) {
  process.stderr.write(`[fettle] ${text}\n`);
}

/** Environment in which `node` is the pinned one. */
export function environment() {
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(
    process.platform === 'win32' ? ';' : ':',
  );
  return { ...process.env, PATH: path };
}

/** Runs a program with its output shown; ends this process when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: environment(), ...options });
  if (error) {
    say(`${command} could not be started: ${error.message}`);
    process.exit(1);
  }
  return status ?? 1;
}

export function must(command, args, options) {
  const status = run(command, args, options);
  if (status !== 0) process.exit(status);
}

function installedMatchesLock() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed) || !existsSync(node)) return false;
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  // Packages for other platforms are in the lock and not on disk.
  return Object.entries(lock).every(
    ([name, entry]) => name === '' || entry.optional || have[name]?.version === entry.version,
  );
}

/** Installs the pinned dependencies where they are missing or differ from the lock file. */
export function installDependencies() {
  if (installedMatchesLock()) return;
  const started = Date.now();
  say('Installing the pinned dependencies (npm install) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Not `npm ci`: it refuses a lock file that lacks optional packages of other platforms, which not every registry serves.
  // Versions are those of the lock file all the same, and `--no-save` leaves it as it is.
  const status = run(npm, ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    // onnxruntime-node would fetch GPU libraries that nothing here uses; its CPU library is in the package.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', ONNXRUNTIME_NODE_INSTALL_CUDA: 'skip' },
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    say('npm install failed; its own words are above. Is the package registry reachable?');
    process.exit(status);
  }
  say(`Dependencies are there (${Math.round((Date.now() - started) / 1000)} s).`);
}

/** A Chromium for the browser tests: what is named or installed, else Debian's where this may be installed. */
export function findBrowser({ install }) {
  const candidates = [
    process.env.FETTLE_CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found !== undefined || !install) return found;
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    say('Installing Chromium for the browser tests (apt-get) …');
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    run('apt-get', ['update', '-qq'], quiet);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
    return candidates.find((path) => path !== undefined && existsSync(path));
  }
  say('No Chromium found: the browser tests will be skipped. Install one, or name it in FETTLE_CHROMIUM.');
  return undefined;
}
