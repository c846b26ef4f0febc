import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { FettleError } from '../../core/index.ts';
import { StderrTail } from '../client/stderr-tail.ts';
import { pipOutput, type PipProgress } from './pip-output.ts';

export interface PythonRunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly environment?: NodeJS.ProcessEnv | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
}

/** Runs an interpreter of an environment that is being made. The result's `words` are the last of what it wrote. */
export async function runPython(
  python: string,
  args: readonly string[],
  { signal, environment, onLine }: PythonRunOptions = {},
): Promise<{ code: number | null; words: string }> {
  signal?.throwIfAborted();
  const { PYTHONPATH: _path, PYTHONHOME: _home, ...variables } = process.env;
  const child = spawn(python, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...variables, PYTHONSAFEPATH: '1', PYTHONUNBUFFERED: '1', PYTHONUTF8: '1', ...environment },
    windowsHide: true,
  });
  const tail = new StderrTail();
  child.stdout.on('data', (chunk: Buffer) => tail.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => tail.push(chunk));
  createInterface({ input: child.stdout }).on('line', (line) => onLine?.(line));
  const abort = (): void => void child.kill('SIGTERM');
  signal?.addEventListener('abort', abort, { once: true });
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once('error', (error) => {
    tail.push(Buffer.from(error.message));
    resolve(null);
  });
  child.once('close', (code) => resolve(code));
  const code = await promise;
  signal?.removeEventListener('abort', abort);
  signal?.throwIfAborted();
  return { code, words: withoutProgress(tail.text()) };
}

function withoutProgress(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*Progress \d+/.test(line))
    .slice(-15)
    .join('\n');
}

export interface PipOptions extends Omit<PythonRunOptions, 'onLine'> {
  readonly onProgress?: ((progress: PipProgress) => void) | undefined;
  /** pip 24.1 and newer can say how many bytes of a file have come. */
  readonly rawProgress?: boolean | undefined;
  /** Leaves nothing in pip's cache, where the disk is small. */
  readonly noCache?: boolean | undefined;
}

/** `pip install` with the index and options that the user's own pip has. Throws `engine-setup` with pip's last words. */
export async function pipInstall(python: string, wanted: readonly string[], options: PipOptions = {}): Promise<void> {
  const { code, words } = await runPython(
    python,
    [
      '-m',
      'pip',
      'install',
      '--no-input',
      '--disable-pip-version-check',
      ...(options.rawProgress === true ? ['--progress-bar', 'raw'] : ['--progress-bar', 'off']),
      ...(options.noCache === true ? ['--no-cache-dir'] : []),
      ...wanted,
    ],
    {
      signal: options.signal,
      environment: { PIP_USER: '0', ...options.environment },
      onLine: pipOutput((progress) => options.onProgress?.(progress)),
    },
  );
  if (code !== 0) throw pipError(code, words);
}

export function pipError(code: number | null, words: string): FettleError {
  const how = code === null ? 'was ended' : `failed with exit code ${code}`;
  return new FettleError(`pip ${how}. Its last words:\n${words}`, { code: 'engine-setup', hint: adviceFor(words) });
}

function adviceFor(words: string): string {
  if (/No space left on device|Errno 28\b/.test(words)) {
    return 'The disk is full. Make room, or name a folder on another disk in FETTLE_ENGINE_HOME; then run it again, it goes on from here.';
  }
  if (/No matching distribution|Could not find a version/.test(words)) {
    return 'pip cannot reach the package index, or it has no build for this machine and Python. An environment that has PyTorch is taken with --use-python PATH.';
  }
  if (/Connection|Max retries|resolution|Network is unreachable|timed out|ReadTimeout|SSLError/i.test(words)) {
    return 'The package index was not reached. Run it again when it is: what was installed is kept.';
  }
  if (/hash(?:es)? (?:do|mis)/i.test(words)) return 'A file came damaged. Run it again.';
  return 'Run `fettle engine setup` again; `--force` begins from nothing.';
}
