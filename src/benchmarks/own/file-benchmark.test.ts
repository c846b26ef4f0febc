import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileBenchmark } from './file-benchmark.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fettle-rows-'));
});
afterAll(() => rm(folder, { recursive: true }));

const fields = { input: 'input', target: 'target', id: 'id' };

async function opened(content: string, options: Readonly<Record<string, string>> = {}) {
  const path = join(folder, 'rows.jsonl');
  await writeFile(path, content);
  const benchmark = await fileBenchmark({ path, fields, scorers: ['exact'] });
  return benchmark.open({ data: path, mode: 'strict', options });
}

it('knows the data of a run by the bytes of its rows', async () => {
  const one = await opened('{"input":"a","target":"b"}\n');
  const same = await opened('{"input":"a","target":"b"}\n');
  const other = await opened('{"input":"a","target":"c"}\n');
  expect(one.dataHash).toBe(same.dataHash);
  expect(one.dataHash).not.toBe(other.dataHash);
});

it('refuses options, of which it has none', async () => {
  await expect(opened('{"input":"a","target":"b"}\n', { prompt: 'cot' })).rejects.toMatchObject({
    message: 'A file of rows has no option "prompt".',
    where: '--option prompt',
  });
});
