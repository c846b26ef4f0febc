import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/fettle.mjs', import.meta.url));

export interface CliEnd {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  /** Added to a bare environment: no key and no FETTLE_… of the machine gets in. */
  readonly env?: Record<string, string>;
}

/** The command line as a child: what a user would have started. */
export function startCli(
  args: readonly string[],
  options: CliOptions = {},
): { child: ChildProcess; end: Promise<CliEnd> } {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => ['PATH', 'HOME', 'TMPDIR', 'LANG'].includes(name)),
  );
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...inherited, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
  const end = new Promise<CliEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, end };
}

export function fettle(args: readonly string[], options?: CliOptions): Promise<CliEnd> {
  return startCli(args, options).end;
}

/** Runs a command with --json; its stdout has to be one JSON document. */
export async function fettleJson<T = Record<string, unknown>>(
  args: readonly string[],
  options?: CliOptions,
): Promise<CliEnd & { readonly json: T }> {
  const end = await fettle([...args, '--json'], options);
  try {
    return { ...end, json: JSON.parse(end.stdout) as T };
  } catch {
    throw new Error(`stdout of \`fettle ${args.join(' ')} --json\` is no JSON:\n${end.stdout}\nstderr:\n${end.stderr}`);
  }
}

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fettle-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
