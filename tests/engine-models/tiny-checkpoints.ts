import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('../../engine/tests/tiny_models.py', import.meta.url));
export const direct = fileURLToPath(new URL('direct.py', import.meta.url));

/** One thread an engine: the tests of several files run beside each other. */
export const testEnvironment: NodeJS.ProcessEnv = { ...process.env, OMP_NUM_THREADS: '1' };

export type TinyKind = 'language' | 'long-language' | 'vision-language' | 'dual-encoder' | 'text-encoder';

/** Writes random checkpoints of a few thousand parameters into folders named by their kind. */
export async function makeCheckpoints<Kind extends TinyKind>(
  python: string,
  root: string,
  kinds: readonly Kind[],
): Promise<Record<Kind, string>> {
  const folders = Object.fromEntries(kinds.map((kind) => [kind, join(root, kind)])) as Record<Kind, string>;
  await promisify(execFile)(python, [program, ...kinds.flatMap((kind) => [kind, folders[kind]])], {
    env: testEnvironment,
  });
  return folders;
}

/** Engine processes that this process has started, from Linux's process table. */
export function engineProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const parent = / \d+ \((?:.*)\) \S (\d+) /s.exec(` ${readFileSync(`/proc/${name}/stat`, 'utf8')}`)?.[1];
        const words = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
        return parent === String(process.pid) && words.includes('fettle_engine');
      } catch {
        return false; // it ended in the meantime
      }
    })
    .map(Number);
}
