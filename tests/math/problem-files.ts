import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { OpenedBenchmark, Sample, Task } from '../../src/core/index.ts';
import { loadBenchmark } from '../../src/benchmarks/index.ts';

// Files of problems, written for these tests.

export type Row = Record<string, unknown>;

export const lines = (...rows: Row[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

export function folder(files: Record<string, string | Uint8Array>): string {
  const root = mkdtempSync(join(tmpdir(), 'fettle-math-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

export const open = async (
  name: string,
  data: string,
  options: Record<string, string> = {},
  mode = 'strict',
): Promise<OpenedBenchmark> => (await loadBenchmark(name)).open({ data, mode, options });

export async function samplesOf({ tasks }: OpenedBenchmark): Promise<Sample[]> {
  return (await Promise.all(tasks.map(async (task: Task) => Array.fromAsync(task.samples())))).flat();
}

export const faultsOf = async (name: string, data: string) => {
  const { check } = await loadBenchmark(name);
  return Array.fromAsync(check?.(data) ?? []);
};

export const kite = 'Ola flies 3 kites and Per flies 4. How many kites are in the air?';
export const xml = (problems: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Corpus>\n<ProblemSet>\n${problems}\n</ProblemSet>\n</Corpus>\n`;
export const problem = (id: string, answer: string): string =>
  `<Problem ID="${id}" Grade="2" Source="https://www.example.org/a">\n<Body>Ola flies 3 kites &amp; Per flies 4.</Body>\n<Question>How many?</Question>\n<Solution-Type>Addition</Solution-Type>\n<Answer>${answer}</Answer>\n<Formula>3+4=7</Formula>\n</Problem>`;
