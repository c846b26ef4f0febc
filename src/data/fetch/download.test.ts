import { hash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../core/index.ts';
import { download, type DownloadOptions } from './download.ts';
import { loopback, serve, type Loopback } from './loopback-fixture.ts';

const content = randomBytes(400_000);
const sha256 = hash('sha256', content, 'hex');
let folder: string;
let count = 0;
const servers: Loopback[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fettle-download-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(...args: Parameters<typeof loopback>): Promise<Loopback> {
  const server = await loopback(...args);
  servers.push(server);
  return server;
}

const get = (url: string, options: Partial<DownloadOptions> = {}) =>
  download({ url, path: join(folder, `${++count}`, 'file.bin'), allowPrivate: true, backoffMs: 1, ...options });

const left = (): Promise<string[]> => readdir(join(folder, `${count}`));

describe('download', () => {
  it('fetches, verifies, and leaves nothing else beside', async () => {
    const server = await start((request, response) => serve(request, response, content, { etag: '"v1"' }));
    const progress: number[] = [];
    const done = await get(`${server.origin}/a`, {
      sha256,
      bytes: content.length,
      onProgress: ({ bytes, total }) => (progress.push(bytes), expect(total).toBe(content.length)),
    });
    expect(done).toMatchObject({ sha256, bytes: content.length, reused: false });
    expect(await readFile(done.path)).toEqual(content);
    expect(await left()).toEqual(['file.bin']);
    expect(progress.at(-1)).toBe(content.length);
    expect(await download({ url: 'http://127.0.0.1:1/none', path: done.path, sha256 })).toMatchObject({
      reused: true,
      sha256,
    });
  });

  it('goes on after cuts at any place, with and without a length', async () => {
    const random = createRandom('cuts');
    for (const noLength of [false, true]) {
      for (let round = 0; round < 5; round++) {
        let cuts = 4;
        const server = await start((request, response) =>
          serve(request, response, content, {
            etag: '"v1"',
            noLength,
            cutAfter: cuts-- > 0 ? random.integer(90_000) : undefined,
          }),
        );
        const done = await get(`${server.origin}/a`, { sha256: round % 2 === 0 ? sha256 : undefined });
        expect(done.sha256).toBe(sha256);
        expect(server.requests.length).toBe(5);
        expect(server.requests.some(({ headers }) => headers.range !== undefined)).toBe(true);
        expect(
          server.requests.every(({ headers }) => headers.range === undefined || headers['if-range'] === '"v1"'),
        ).toBe(true);
      }
    }
  });

  it('goes on in a later process, and starts again where the file has changed since', async () => {
    let etag = '"v1"';
    let current = content;
    let cut: number | undefined = 150_000;
    const server = await start((request, response) => serve(request, response, current, { etag, cutAfter: cut }));
    const path = join(folder, 'later', 'file.bin');
    const options = { url: `${server.origin}/a`, path, allowPrivate: true, maxAttempts: 1 };
    await expect(download(options)).rejects.toMatchObject({
      code: 'download-failed',
      hint: expect.stringMatching(/goes on/) as string,
    });
    expect((await readFile(`${path}.part`)).length).toBeGreaterThan(0);
    cut = undefined;
    const changed = randomBytes(1000);
    [etag, current] = ['"v2"', changed];
    expect((await download(options)).sha256).toBe(hash('sha256', changed, 'hex'));
    expect(server.requests.at(-1)?.headers['if-range']).toBe('"v1"');
    await rm(path);

    [etag, current, cut] = ['"v1"', content, 150_000];
    await expect(download(options)).rejects.toMatchObject({ code: 'download-failed' });
    cut = undefined;
    expect((await download(options)).sha256).toBe(sha256);
    expect(server.requests.at(-1)?.headers.range).toMatch(/^bytes=\d+-$/);
  });

  it('starts again where the server ignores ranges or gives no validator', async () => {
    for (const [ignoreRange, etag] of [
      [true, '"v1"'],
      [false, undefined],
      [true, 'W/"weak"'],
    ] as const) {
      let cuts = 2;
      const server = await start((request, response) =>
        serve(request, response, content, { etag, ignoreRange, cutAfter: cuts-- > 0 ? 100_000 : undefined }),
      );
      expect((await get(`${server.origin}/a`)).sha256).toBe(sha256);
      if (etag !== '"v1"') expect(server.requests.every(({ headers }) => headers.range === undefined)).toBe(true);
    }
  });

  it('takes a part that is whole already', async () => {
    const server = await start((request, response) => serve(request, response, content));
    const path = join(folder, 'whole', 'file.bin');
    await get(`${server.origin}/a`, { path });
    await writeFile(`${path}.part`, content);
    await rm(path);
    expect(await get(`${server.origin}/a`, { path, sha256 })).toMatchObject({ sha256, reused: false });
    expect(server.requests).toHaveLength(2);
  });

  it('refuses a wrong hash or size, and keeps the bytes aside', async () => {
    const server = await start((request, response) => serve(request, response, content));
    const wrong = 'ab'.repeat(32);
    const error = await get(`${server.origin}/a?token=secret`, { sha256: wrong }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'download-corrupt', message: expect.stringContaining(wrong) as string });
    expect((error as Error).message).toContain(sha256);
    expect((error as Error).message).not.toContain('secret');
    expect(await left()).toEqual(['file.bin.bad']);
    await expect(get(`${server.origin}/a`, { bytes: 1000 })).rejects.toMatchObject({ code: 'download-corrupt' });
    await expect(get(`${server.origin}/a`, { bytes: 1_000_000 })).rejects.toMatchObject({ code: 'download-corrupt' });
    await expect(get(`${server.origin}/a`, { maxBytes: 1000 })).rejects.toMatchObject({ code: 'download-corrupt' });
  });

  it('tries again after 429 and 500, gives up on 404 at once', async () => {
    const statuses = [500, 429, 503];
    const server = await start((request, response) => {
      const status = request.url === '/missing' ? 404 : statuses.shift();
      if (status === undefined) serve(request, response, content);
      else response.writeHead(status, { 'retry-after': '0' }).end('sorry');
    });
    expect((await get(`${server.origin}/a`)).sha256).toBe(sha256);
    expect(server.requests).toHaveLength(4);
    await expect(get(`${server.origin}/missing`)).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(/404/) as string,
    });
    expect(server.requests).toHaveLength(5);
    statuses.push(...Array.from({ length: 9 }, () => 500));
    await expect(get(`${server.origin}/a`, { maxAttempts: 3 })).rejects.toMatchObject({
      message: expect.stringMatching(/500/) as string,
    });
    expect(server.requests).toHaveLength(8);
  });

  it('follows redirects, but takes no secret to another origin', async () => {
    const cdn = await start((request, response) => serve(request, response, content));
    const hub = await start((request, response) => {
      const next = request.url === '/a' ? '/b' : request.url === '/loop' ? '/loop' : `${cdn.origin}/signed?key=1`;
      response.writeHead(302, { location: next }).end();
    });
    const headers = { authorization: 'Bearer secret', 'x-hub-token': 'secret', accept: '*/*' };
    expect((await get(`${hub.origin}/a`, { headers })).sha256).toBe(sha256);
    expect(hub.requests.map(({ headers: sent }) => sent.authorization)).toEqual(['Bearer secret', 'Bearer secret']);
    expect(JSON.stringify(cdn.requests)).not.toContain('secret');
    expect(cdn.requests[0]?.headers.accept).toBe('*/*');
    await expect(get(`${hub.origin}/loop`)).rejects.toMatchObject({ code: 'download-redirects' });
  });

  it('asks no private address on behalf of data', async () => {
    const server = await start((request, response) => serve(request, response, content));
    const { port } = new URL(server.origin);
    for (const url of [
      server.origin,
      `http://localhost:${port}/`,
      `http://[::1]:${port}/`,
      `http://2130706433:${port}/`,
      'http://169.254.169.254/latest',
      'file:///etc/passwd',
    ]) {
      await expect(get(url, { allowPrivate: false }), url).rejects.toMatchObject({ code: 'download-refused' });
    }
    expect(server.requests).toEqual([]);
  });

  it('notices an unreachable or silent host soon', async () => {
    await expect(get('http://127.0.0.1:1/a')).rejects.toMatchObject({
      code: 'download-unreachable',
      hint: expect.stringMatching(/--data/) as string,
    });
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    await expect(get(`http://127.0.0.1:${port}/a`, { firstByteTimeoutMs: 50, maxAttempts: 1 })).rejects.toMatchObject({
      code: 'download-unreachable',
    });
    silent.close();
  });

  it('shares one download between callers of the same file', async () => {
    const server = await start((request, response) => setTimeout(() => serve(request, response, content), 50));
    const path = join(folder, 'shared', 'file.bin');
    const all = await Promise.all(
      Array.from({ length: 3 }, () => download({ url: `${server.origin}/a`, path, allowPrivate: true })),
    );
    expect(all.map((done) => done.sha256)).toEqual([sha256, sha256, sha256]);
    expect(all.filter(({ reused }) => !reused)).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });

  it('stops when told to, and keeps what it has', async () => {
    const controller = new AbortController();
    const server = await start((_request, response) => {
      response.writeHead(200, { 'content-length': 1000, etag: '"v1"' });
      response.write(Buffer.alloc(100));
    });
    const stopped = get(`${server.origin}/a`, {
      signal: controller.signal,
      onProgress: ({ bytes }) => bytes > 0 && controller.abort(new Error('stop')),
    });
    await expect(stopped).rejects.toThrow('stop');
    expect((await left()).sort()).toEqual(['file.bin.part', 'file.bin.part.json']);
  });
});
