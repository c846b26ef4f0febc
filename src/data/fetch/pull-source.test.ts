import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DataSource } from '../../core/index.ts';
import { testZip } from '../archives/zip-fixture.ts';
import { dataFolder } from './folders.ts';
import { loopback, serve, type Loopback } from './loopback-fixture.ts';
import { pullSource, sourceUrl, type PullProgress } from './pull-source.ts';
import { readSourceRecord } from './source-record.ts';

const archive = testZip([
  { name: 'multiple_choice/a.csv', content: 'question,answer\nq,1\n' },
  { name: 'ranking/b.json', content: '{"input_field":"x"}\n' },
  { name: 'link', content: '/etc/passwd', mode: 0o120777 },
]);
const table = Buffer.from('{"a":1}\n');
const source: DataSource = {
  title: 'A set',
  license: 'MIT',
  files: [
    {
      url: 'https://raw.example.com/owner/repo/main/data.zip?raw=1',
      path: 'data/data.zip',
      sha256: hash('sha256', archive, 'hex'),
      extract: true,
    },
    { url: 'https://raw.example.com/owner/repo/main/table.jsonl', path: 'table.jsonl' },
  ],
};

let folder: string;
let server: Loopback | undefined;
let broken: string | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fettle-pull-'));
});
afterEach(async () => {
  broken = undefined;
  await server?.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function mirror(): Promise<Loopback> {
  server = await loopback((request, response) => {
    const path = request.url ?? '';
    if (broken !== undefined && path.includes(broken)) response.writeHead(500).end();
    else if (path === '/mirror/owner/repo/main/data.zip?raw=1') serve(request, response, archive, { etag: '"1"' });
    else if (path === '/mirror/owner/repo/main/table.jsonl') serve(request, response, table);
    else response.writeHead(404).end();
  });
  return server;
}

describe('pullSource', () => {
  it('fetches from a mirror, verifies, extracts, and records where everything came from', async () => {
    const { origin } = await mirror();
    const target = join(folder, 'set');
    const progress: PullProgress[] = [];
    const record = await pullSource(source, target, {
      baseOverride: `${origin}/mirror/`,
      onProgress: (step) => progress.push(step),
      now: () => new Date(0),
      environment: { HF_TOKEN: 'hf_secret' },
    });
    expect(record).toEqual({
      title: 'A set',
      license: 'MIT',
      pulledAt: '1970-01-01T00:00:00.000Z',
      files: [
        {
          path: 'data/data.zip',
          url: source.files[0]?.url,
          fetchedFrom: `${origin}/mirror/owner/repo/main/data.zip`,
          sha256: hash('sha256', archive, 'hex'),
          bytes: archive.length,
          pinned: true,
          extracted: { files: 2, bytes: 40, notes: [expect.stringMatching(/symbolic link/)] },
        },
        expect.objectContaining({ path: 'table.jsonl', sha256: hash('sha256', table, 'hex'), pinned: false }),
      ],
    });
    expect(await readSourceRecord(target)).toEqual(record);
    expect(await readFile(join(target, 'data/multiple_choice/a.csv'), 'utf8')).toBe('question,answer\nq,1\n');
    expect((await readdir(target)).sort()).toEqual(['data', 'fettle-source.json', 'table.jsonl']);
    expect(await readdir(join(target, 'data'))).toEqual(['multiple_choice', 'ranking']);
    expect((await readdir(folder)).filter((name) => name.startsWith('set'))).toEqual(['set']);
    expect(new Set(progress.map(({ stage }) => stage))).toEqual(new Set(['download', 'extract']));
    expect(JSON.stringify(server?.requests)).not.toContain('hf_secret');
  });

  it('leaves a complete folder as it is, unless it is forced or the source has changed', async () => {
    const { origin, requests } = await mirror();
    const target = join(folder, 'again');
    const options = { baseOverride: `${origin}/mirror`, environment: {} };
    await pullSource(source, target, options);
    await pullSource(source, target, options);
    expect(requests).toHaveLength(2);
    await pullSource(source, target, { ...options, force: true });
    expect(requests).toHaveLength(4);
    const [first] = source.files as [DataSource['files'][number]];
    await pullSource({ ...source, files: [first] }, target, options);
    expect((await readdir(target)).sort()).toEqual(['data', 'fettle-source.json']);
  });

  it('goes on after a failure with what is still missing; the folder appears only whole', async () => {
    const { origin, requests } = await mirror();
    const target = join(folder, 'resumed');
    const options = { baseOverride: `${origin}/mirror`, environment: {}, backoffMs: 1 };
    broken = 'table.jsonl';
    await expect(pullSource(source, target, options)).rejects.toMatchObject({ code: 'download-failed' });
    await expect(stat(target)).rejects.toThrow('ENOENT');
    const asked = requests.length;
    broken = undefined;
    await pullSource(source, target, options);
    expect(requests.slice(asked).map(({ path }) => path)).toEqual(['/mirror/owner/repo/main/table.jsonl']);
    expect(await readFile(join(target, 'data/ranking/b.json'), 'utf8')).toMatch(/input_field/);
  });

  it("refuses wrong content, places outside, private addresses, and folders with files of one's own", async () => {
    const { origin, requests } = await mirror();
    const options = { baseOverride: `${origin}/mirror`, environment: {} };
    const file = { url: 'https://x.example.com/owner/repo/main/table.jsonl', path: 'table.jsonl' };
    const one = (change: Partial<DataSource['files'][number]>): DataSource => ({
      ...source,
      files: [{ ...file, ...change }],
    });
    await expect(pullSource(one({ sha256: '00'.repeat(32) }), join(folder, 'w1'), options)).rejects.toMatchObject({
      code: 'download-corrupt',
    });
    await expect(pullSource(one({ path: '../../evil' }), join(folder, 'w2'), options)).rejects.toMatchObject({
      code: 'archive-unsafe',
    });
    const before = requests.length;
    await expect(
      pullSource(one({ url: `${origin}/mirror/owner/repo/main/table.jsonl` }), join(folder, 'w3'), { environment: {} }),
    ).rejects.toMatchObject({ code: 'download-refused' });
    expect(requests).toHaveLength(before);
    const mine = join(folder, 'mine');
    await mkdir(mine);
    await writeFile(join(mine, 'own.txt'), 'x');
    await expect(pullSource(source, mine, options)).rejects.toMatchObject({ code: 'data-conflict' });
    expect(await readdir(mine)).toEqual(['own.txt']);
  });
});

describe('sourceUrl', () => {
  const hub = 'https://huggingface.co/datasets/o/n/resolve/main/a.csv?download=true';

  it('puts a mirror or a configured hub in place of the host', () => {
    expect(sourceUrl(hub, { environment: {} })).toBe(hub);
    expect(sourceUrl(hub, { environment: { HF_ENDPOINT: 'http://127.0.0.1:9/' } })).toBe(
      'http://127.0.0.1:9/datasets/o/n/resolve/main/a.csv?download=true',
    );
    expect(sourceUrl(hub, { environment: { FETTLE_MIRROR: 'https://m/x/', HF_ENDPOINT: 'http://h' } })).toBe(
      'https://m/x/datasets/o/n/resolve/main/a.csv?download=true',
    );
    expect(sourceUrl(hub, { baseOverride: 'https://b', environment: { FETTLE_MIRROR: 'https://m' } })).toMatch(
      /^https:\/\/b\/datasets/,
    );
    expect(sourceUrl('https://codeload.github.com/o/n/zip/abc', { environment: { HF_ENDPOINT: 'http://h' } })).toBe(
      'https://codeload.github.com/o/n/zip/abc',
    );
    expect(() => sourceUrl(hub, { baseOverride: 'file:///x' })).toThrow(/no http/);
  });
});

describe('dataFolder', () => {
  it('follows FETTLE_DATA, then XDG, and takes no paths for names', () => {
    expect(dataFolder('shopping-mmlu', { FETTLE_DATA: '/d' })).toBe(join('/d', 'shopping-mmlu'));
    expect(dataFolder('x', { XDG_DATA_HOME: '/x' })).toBe(join('/x', 'fettle', 'data', 'x'));
    for (const name of ['../x', 'a/b', '', '.', '..']) expect(() => dataFolder(name, {})).toThrow(/name of a data set/);
  });
});
