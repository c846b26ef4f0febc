import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Writer {
  readonly child: ChildProcess;
  /** Whole lines so far. */
  lines(): string[];
  /** Resolves when the lines so far satisfy the condition; rejects when the process ends before. */
  until(condition: (lines: string[]) => boolean): Promise<void>;
  kill(): Promise<void>;
  ended(): Promise<void>;
}

/** Starts `writer.ts` in a process of its own, which does not outlive the test. */
export function startWriter(folder: string, run: string, first: number, count: number, ...words: string[]): Writer {
  const program = fileURLToPath(new URL('writer.ts', import.meta.url));
  const child = spawn(process.execPath, [program, folder, run, String(first), String(count), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  const closed = once(child, 'close');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await closed;
  };
  onTestFinished(kill);
  const lines = (): string[] => text.split('\n').slice(0, -1);
  return {
    child,
    lines,
    async until(condition) {
      while (!condition(lines())) {
        await Promise.race([
          once(child.stdout, 'data'),
          closed.then(() => {
            if (!condition(lines())) throw new Error(`The writer ended after ${lines().length} lines.`);
          }),
        ]);
      }
    },
    kill,
    ended: async () => void (await closed),
  };
}

/** The numbers behind `call` or `result` in a writer's lines. */
export function acknowledged(lines: readonly string[], kind: 'call' | 'result'): number[] {
  return lines.filter((line) => line.startsWith(`${kind} `)).map((line) => Number(line.slice(kind.length + 1)));
}
