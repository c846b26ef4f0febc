import { spawnSync } from 'node:child_process';

/** Runs a Python program that reads JSON on stdin and prints JSON. `FETTLE_BENCH_PYTHON` names the interpreter. */
export function askPython<T>(program: string, payload: unknown): T {
  const python = process.env['FETTLE_BENCH_PYTHON'] ?? 'python3';
  const done = spawnSync(python, ['-c', program], {
    input: JSON.stringify(payload),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  if (done.status !== 0) throw new Error(`${python} failed: ${done.stderr || String(done.error)}`);
  return JSON.parse(done.stdout) as T;
}
