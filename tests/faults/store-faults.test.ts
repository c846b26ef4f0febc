import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fettle, fettleJson, startCli, temporaryFolder } from '../support/cli.ts';
import { type Endpoint, startEndpoint } from '../support/endpoint.ts';
import { countOf, journaledKeys } from '../support/journal.ts';

function questions(folder: string, count: number): string {
  const file = join(folder, 'questions.jsonl');
  const rows = Array.from({ length: count }, (_, i) =>
    JSON.stringify({ id: `q-${i}`, input: `Sample q-${i}: a digit?`, target: '1' }),
  );
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
}

function runArgs(file: string, home: string, endpoint: Endpoint): string[] {
  return ['run', file, '--model', endpoint.model, '--home', home, '--scorer', 'includes', '--concurrency', '8'];
}

/** A small file system of its own; needs the right to mount one. */
function smallDisk(megabytes: number): string | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  onTestFinished(() => void execFileSync('umount', [folder]));
  return folder;
}

test('a full disk ends the run with what to do; once there is space, resume repeats no journaled call', async (context) => {
  const folder = temporaryFolder();
  const home = smallDisk(3);
  if (home === undefined) return context.skip('mounting a small file system needs root on Linux');
  const filler = join(home, 'filler');
  writeFileSync(filler, Buffer.alloc(1_500_000));
  const endpoint = await startEndpoint({ reply: ({ key }) => `1 ${key.repeat(120)}` });
  const full = await fettleJson<{ error?: { code: string } }>(runArgs(questions(folder, 300), home, endpoint)).catch(
    (error: unknown) => error as Error,
  );
  if (full instanceof Error) throw full;
  expect(full.code).toBe(1);
  expect(full.stderr).toMatch(/disk is full/i);
  expect(full.stderr).toContain(home);
  expect(full.stderr).toMatch(/Free space there, then `fettle resume \S+`/);
  const paid = endpoint.seen.length;
  expect(paid).toBeLessThan(300);

  rmSync(filler);
  execFileSync('mount', ['-o', 'remount,size=40m', home]);
  const kept = countOf(await journaledKeys(home));
  expect(kept.size).toBeGreaterThan(20);
  const resumed = await fettle(['resume', 'last', '--home', home]);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(endpoint.seen.slice(paid).filter(({ key }) => kept.has(key))).toEqual([]);
  expect(new Set(await journaledKeys(home)).size).toBe(300);
  const shown = await fettleJson<{ overall: number; samples: unknown[] }>(['show', 'last', '--home', home]);
  expect(shown.json.overall).toBe(1);
  expect(shown.json.samples).toHaveLength(300);
});

/** A run of 200 samples that is killed once about 120 answers were asked for. */
async function killedRun(endpoint: Endpoint, home: string, file: string): Promise<void> {
  const { child, end } = startCli(runArgs(file, home, endpoint));
  while (endpoint.seen.length < 120) await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGKILL');
  expect((await end).signal).toBe('SIGKILL');
}

function overwrite(file: string, at: number, bytes: Buffer): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, bytes.length, at);
  fsyncSync(handle);
  closeSync(handle);
}

test('a corrupted tail of the journal is told of, and resume completes', async () => {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  const endpoint = await startEndpoint({ latencyMs: () => 20 });
  await killedRun(endpoint, home, questions(folder, 200));
  const wal = join(home, 'fettle.db-wal');
  overwrite(wal, statSync(wal).size - 9000, Buffer.alloc(5000, 0xa5));

  const from = endpoint.seen.length;
  const resumed = await fettleJson<{ samples: unknown[] }>(['resume', 'last', '--home', home]);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.stderr).toMatch(/warning: The journal of the store is damaged at its end/);
  expect(resumed.json.samples).toHaveLength(200);
  expect(readdirSync(home).some((name) => name.startsWith('fettle.db-wal.damaged-'))).toBe(true);
  // What was whole before the damage is not asked for again.
  expect(endpoint.seen.length - from).toBeLessThan(200);
  expect(new Set(await journaledKeys(home)).size).toBe(200);
});

test('a damaged main file is a clear error that names the way out, which then works', async () => {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  const endpoint = await startEndpoint({ reply: ({ key }) => `1 ${key.repeat(40)}` });
  const file = questions(folder, 300);
  const whole = await fettle(runArgs(file, home, endpoint));
  expect(whole.code, whole.stderr).toBe(0);
  const database = join(home, 'fettle.db');
  const { size } = statSync(database);
  expect(existsSync(`${database}-wal`) && statSync(`${database}-wal`).size > 0).toBe(false);
  overwrite(database, Math.floor(size / 2 / 4096) * 4096, Buffer.alloc(4 * 4096, 0xa5));

  const broken = await fettleJson<{ error: { code: string; hint: string } }>([
    'export',
    'last',
    '--format',
    'jsonl',
    '--out',
    join(folder, 'out.jsonl'),
    '--home',
    home,
  ]);
  expect(broken.code).toBe(1);
  expect(broken.json.error).toMatchObject({
    code: 'store-damaged',
    hint: expect.stringContaining('fettle runs --salvage'),
  });
  expect(broken.stderr).toContain('fettle runs --salvage');

  const salvaged = await fettleJson<{ kept: Record<string, number>; damagedFile: string }>([
    'runs',
    '--salvage',
    '--home',
    home,
  ]);
  expect(salvaged.code, salvaged.stderr).toBe(0);
  expect(existsSync(salvaged.json.damagedFile)).toBe(true);
  const resumed = await fettleJson<{ samples: unknown[]; overall: number }>(['resume', 'last', '--home', home]);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.json.samples).toHaveLength(300);
  expect(resumed.json.overall).toBe(1);
});

test('a file that is no store is named, not overwritten', async () => {
  const home = temporaryFolder();
  writeFileSync(join(home, 'fettle.db'), 'These are somebody’s notes and not a database at all.\n'.repeat(200));
  const end = await fettle(['runs', '--home', home]);
  expect(end.code).toBe(1);
  expect(end.stderr).toMatch(/hint:.*fettle runs --salvage|hint:.*--home/);
  expect(end.stderr).toContain('fettle.db');
  expect(end.stderr).not.toMatch(/fault in Fettle/);
});
