import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { shoppingSource } from '../../src/benchmarks/shopping-mmlu/source.ts';
import { fettle, fettleJson, temporaryFolder } from '../support/cli.ts';

/** A row as the KDD Cup released them. */
const question = {
  input_field: 'Which of these is a fruit?\n0. apple\n1. chair\n2. lamp\n3. rug\nAnswer: ',
  output_field: 0,
  task_name: 'task1',
  task_type: 'multiple-choice',
  metric: 'accuracy',
  is_multiple_choice: true,
  track: 'amazon-kdd-cup-24-understanding-shopping-concepts',
};

/** A host whose connection breaks after every 40,000 bytes, and that can go on from where it broke. */
async function flakyHost(bytes: Buffer): Promise<{ origin: string; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    requests.push(`${request.url} from ${from}`);
    const headers = { 'content-length': bytes.length - from, etag: '"one"', 'accept-ranges': 'bytes' };
    const range = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
    response.writeHead(from > 0 ? 206 : 200, { ...headers, ...range });
    const piece = bytes.subarray(from, from + 40_000);
    if (from + piece.length >= bytes.length) response.end(piece);
    else response.write(piece, () => setTimeout(() => response.destroy(), 20));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

test('data pull goes on where the connection broke, and refuses bytes with another hash, naming both', async () => {
  const bytes = Buffer.from('Not the archive that was pinned. '.repeat(4000));
  const { origin, requests } = await flakyHost(bytes);
  const folder = join(temporaryFolder(), 'data');
  const end = await fettleJson<{ error: { code: string; message: string } }>(
    ['data', 'pull', 'shopping-mmlu', '--from', origin, '--to', folder],
    { env: { XDG_CACHE_HOME: temporaryFolder() } },
  );
  expect(end.code).toBe(1);
  expect(end.stderr).toContain(shoppingSource.files[0]?.sha256);
  expect(end.stderr).toContain(createHash('sha256').update(bytes).digest('hex'));
  expect(end.stderr).not.toMatch(/fault in Fettle/);
  expect(
    requests.some((request) => /from [1-9]/.test(request)),
    requests.join('\n'),
  ).toBe(true);
  // Nothing that could be taken for the data is left behind.
  const left = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  expect(left).toEqual([]);
});

test('data pull of what has no host is wrong usage', async () => {
  const end = await fettle(['data', 'pull', 'nothing-such']);
  expect(end.code).toBe(2);
});

test('a run without --data takes what was pulled, and says how to pull where nothing was', async () => {
  const root = temporaryFolder();
  const env = { FETTLE_DATA: root };
  const args = ['run', 'shopping-mmlu', '--model', 'test:hash', '--embedder', 'none', '--home', join(root, 'home')];
  const before = await fettle(args, { env });
  expect(before.code).toBe(2);
  expect(before.stderr).toMatch(/fettle data pull shopping-mmlu/);

  const pulled = join(root, 'shopping-mmlu');
  mkdirSync(pulled);
  writeFileSync(join(pulled, 'development.jsonl'), `${JSON.stringify(question)}\n`);
  const after = await fettleJson<{ samples: unknown[] }>(args, { env });
  expect(after.code, after.stderr).toBe(0);
  expect(after.json.samples).toHaveLength(1);
});

test('data check reports each fault with file and line, and ends with 1; 0 for the demonstration set', async () => {
  const good = await fettleJson<{ errors: number }>(['data', 'check', 'shopping-mmlu', '--data', 'demo']);
  expect(good.json.errors).toBe(0);
  expect(good.code).toBe(0);

  const folder = temporaryFolder();
  const lines = [JSON.stringify(question), '{"input_field": "cut', JSON.stringify({ ...question, metric: 'guess' })];
  writeFileSync(join(folder, 'development.jsonl'), `${lines.join('\n')}\n`);
  const bad = await fettleJson<{ errors: number; faults: { file: string; line?: number; severity: string }[] }>([
    'data',
    'check',
    'shopping-mmlu',
    '--data',
    folder,
  ]);
  expect(bad.code).toBe(1);
  expect(bad.json.errors).toBeGreaterThan(0);
  expect(bad.json.faults.filter(({ severity }) => severity === 'error').map(({ line }) => line)).toEqual([2, 3]);
  const text = await fettle(['data', 'check', 'shopping-mmlu', '--data', folder]);
  expect(text.code).toBe(1);
  expect(text.stdout).toMatch(/development\.jsonl:2: error: /);
});
