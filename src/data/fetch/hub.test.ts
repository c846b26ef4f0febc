import { createHash, hash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Hub, hubFileUrl } from './hub.ts';
import { loopback, serve, type Loopback } from './loopback-fixture.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const large = randomBytes(200_000);
const small = Buffer.from('# a card\n');
const gitOid = createHash('sha1').update(`blob ${small.length}\0`).update(small).digest('hex');
const entries = [
  { type: 'directory', path: 'data', oid: 'x' },
  { type: 'file', path: 'README.md', size: small.length, oid: gitOid },
  {
    type: 'file',
    path: 'data/val.parquet',
    size: large.length,
    oid: 'y',
    lfs: { oid: hash('sha256', large, 'hex'), size: large.length, pointerSize: 130 },
  },
];

let folder: string;
let servers: Loopback[] = [];
/** What the pretended hub does wrong. */
let faults: { cutAfter?: number | undefined; flaky?: number; wrongCard?: boolean; otherHost?: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fettle-hub-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A hub whose large files lie on another origin, as on the real one. */
async function pretendHub() {
  faults = {};
  let cuts = 3;
  const cdn = await loopback((request, response) =>
    serve(request, response, large, { etag: '"big"', cutAfter: cuts-- > 0 ? faults.cutAfter : undefined }),
  );
  const hub: Loopback = await loopback((request, response) => {
    const url = new URL(request.url ?? '/', 'http://hub');
    if ((faults.flaky ?? 0) > 0) {
      faults.flaky = (faults.flaky ?? 0) - 1;
      response.writeHead(faults.flaky % 2 === 0 ? 429 : 502, { 'retry-after': '0' }).end();
    } else if (url.pathname === '/api/datasets/owner/set/revision/main') response.end(JSON.stringify({ sha: commit }));
    else if (url.pathname === `/api/datasets/owner/set/tree/${commit}`) {
      const page = Number(url.searchParams.get('cursor') ?? 0);
      const next = `${faults.otherHost ?? hub.origin}${url.pathname}?recursive=true&cursor=${page + 1}`;
      if (page < entries.length - 1) response.setHeader('link', `<${next}>; rel="next"`);
      response.end(JSON.stringify([entries[page]]));
    } else if (url.pathname === `/datasets/owner/set/resolve/${commit}/data/val.parquet`) {
      response.writeHead(302, { location: `${cdn.origin}/blob?signature=1` }).end();
    } else if (url.pathname === `/datasets/owner/set/resolve/${commit}/README.md`) {
      response.end(faults.wrongCard === true ? '# a cart\n' : small);
    } else response.writeHead(404).end();
  });
  servers = [hub, cdn];
  const cache = await mkdtemp(join(folder, 'cache-'));
  const client = new Hub({ endpoint: `${hub.origin}/`, token: 'hf_secret', cache, backoffMs: 1, environment: {} });
  return { hub, cdn, client, cache };
}

const repo = { repo: 'owner/set', type: 'dataset' } as const;

describe('Hub', () => {
  it('resolves a branch to its commit, lists all pages, and verifies what it fetches', async () => {
    const { hub, cdn, client, cache } = await pretendHub();
    expect(await client.tree(repo)).toMatchObject({
      commit,
      files: [
        { path: 'README.md', bytes: small.length, gitOid },
        {
          path: 'data/val.parquet',
          bytes: large.length,
          sha256: hash('sha256', large, 'hex'),
          url: `${hub.origin}/datasets/owner/set/resolve/${commit}/data/val.parquet`,
        },
      ],
    });
    faults.cutAfter = 50_000;
    faults.flaky = 2;
    const got = await client.fetch({ ...repo, path: 'data/val.parquet' });
    expect(await readFile(got.file)).toEqual(large);
    expect(got).toMatchObject({ commit, sha256: hash('sha256', large, 'hex') });
    expect(got.file.startsWith(cache)).toBe(true);
    expect(cdn.requests).toHaveLength(4);
    expect(cdn.requests.slice(1).every(({ headers }) => /^bytes=[1-9]/.test(headers.range ?? ''))).toBe(true);
    expect(JSON.stringify(cdn.requests)).not.toContain('hf_secret');
    expect(hub.requests.every(({ headers }) => headers.authorization === 'Bearer hf_secret')).toBe(true);
    expect(await readFile((await client.fetch({ ...repo, path: 'README.md' })).file, 'utf8')).toBe('# a card\n');
  });

  it('asks for nothing twice, and works without the hub once it was asked', async () => {
    const { hub, cdn, client, cache } = await pretendHub();
    await client.fetch({ ...repo, path: 'data/val.parquet' });
    await client.fetch({ ...repo, revision: commit, path: 'data/val.parquet' });
    expect(cdn.requests).toHaveLength(1);
    await hub.close();
    await cdn.close();
    servers = [];
    const later = new Hub({ endpoint: hub.origin, cache, backoffMs: 1, environment: {} });
    expect(await later.tree(repo)).toMatchObject({ commit, stale: true });
    expect((await later.fetch({ ...repo, path: 'data/val.parquet' })).sha256).toBe(hash('sha256', large, 'hex'));
    await expect(later.tree({ ...repo, revision: 'other' })).rejects.toMatchObject({ code: 'download-unreachable' });
  });

  it('refuses small files whose git id is wrong', async () => {
    const { client } = await pretendHub();
    faults.wrongCard = true;
    await expect(client.fetch({ ...repo, path: 'README.md' })).rejects.toMatchObject({ code: 'download-corrupt' });
    faults.wrongCard = false;
    expect((await client.fetch({ ...repo, path: 'README.md' })).sha256).toBe(hash('sha256', small, 'hex'));
  });

  it('does not take its token to another host that a listing names', async () => {
    const { client, cdn } = await pretendHub();
    faults.otherHost = cdn.origin;
    await expect(client.tree(repo)).rejects.toMatchObject({ code: 'download-refused' });
    expect(cdn.requests).toEqual([]);
  });

  it('says what is missing', async () => {
    const { client } = await pretendHub();
    await expect(client.fetch({ ...repo, path: 'data/test.parquet' })).rejects.toMatchObject({
      code: 'hub-missing',
      hint: expect.stringMatching(/data\/val\.parquet/) as string,
    });
    await expect(client.tree({ repo: 'owner/none', type: 'model' })).rejects.toMatchObject({
      code: 'download-failed',
      hint: expect.stringMatching(/HF_TOKEN/) as string,
    });
    await expect(client.tree({ repo: '../../x', type: 'model' })).rejects.toMatchObject({ exitCode: 2 });
    await expect(client.tree({ repo: 'a/..', type: 'model' })).rejects.toMatchObject({ exitCode: 2 });
  });

  it('writes addresses without asking anyone', () => {
    expect(hubFileUrl({ repo: 'o/n', type: 'dataset', revision: 'refs/pr/1', path: 'a b/c#.csv' }, {})).toBe(
      'https://huggingface.co/datasets/o/n/resolve/refs%2Fpr%2F1/a%20b/c%23.csv',
    );
    expect(hubFileUrl({ repo: 'o/n', type: 'model', path: 'x' }, { HF_ENDPOINT: 'http://mirror/' })).toBe(
      'http://mirror/o/n/resolve/main/x',
    );
  });
});
