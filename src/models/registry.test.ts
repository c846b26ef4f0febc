import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listProviders } from './providers.ts';
import { redact } from './redact.ts';
import { createModels, resolveModel } from './registry.ts';
import { chatAnswer, loopback, sendJson } from './testing/loopback.ts';

const hello = { messages: [{ role: 'user', content: 'hello' }] as const };
const noEnv = { env: {} };

describe('resolving a model', () => {
  it('reaches an address, with its name, its own key and no other', async () => {
    await using server = await loopback((_, response) => sendJson(response, chatAnswer('hi')));
    const env = { OPENAI_API_KEY: 'openai-key-1', FETTLE_API_KEY: 'address-key-1' };
    const model = await resolveModel(`${server.origin}/v1#org/name:tag`, { env });
    expect((await model.generate(hello)).text).toBe('hi');
    expect(server.seen[0]).toMatchObject({ url: '/v1/chat/completions', body: { model: 'org/name:tag' } });
    expect(server.seen[0]?.headers.authorization).toBe('Bearer address-key-1');
    expect(model).toMatchObject({ id: `${server.origin}/v1#org/name:tag`, endpoint: `${server.origin}/v1` });
    expect(JSON.stringify([model.identity, model.id])).not.toContain('key-1');
    expect(redact('openai-key-1 address-key-1')).toBe('openai-key-1 [redacted]');
    await model.close?.();
    const keyless = await resolveModel(`${server.origin}/v1#m`, { env: { OPENAI_API_KEY: 'openai-key-1' } });
    await keyless.generate(hello);
    expect(server.seen[1]?.headers.authorization).toBeUndefined();
    await keyless.close?.();
  });

  it('reaches configured endpoints with key file, headers, limits and prices', async () => {
    await using server = await loopback((_, response) => sendJson(response, chatAnswer('hi')));
    const folder = await mkdtemp(join(tmpdir(), 'fettle-keys-'));
    await writeFile(join(folder, 'key'), 'file-key-123\n');
    const lab = {
      baseUrl: `${server.origin}/api/v1/?api-version=2`,
      keyFile: join(folder, 'key'),
      keyHeader: 'api-key',
      headers: { 'x-team': { env: 'TEAM' } },
      omit: ['seed'],
      maxConcurrency: 3,
      prices: { m: { inputPerMillion: 1, outputPerMillion: 2 } },
    };
    const models = createModels({ config: { endpoints: { lab } }, env: { TEAM: 'team-secret' }, concurrency: 50 });
    const model = await models.resolve('lab:m');
    await model.generate({ ...hello, seed: 1 });
    expect(server.seen[0]?.url).toBe('/api/v1/chat/completions?api-version=2');
    expect(server.seen[0]?.headers).toMatchObject({ 'api-key': 'file-key-123', 'x-team': 'team-secret' });
    expect(server.seen[0]?.body).not.toHaveProperty('seed');
    expect(model.prices).toEqual({ inputPerMillion: 1, outputPerMillion: 2 });
    expect(models.limiters()).toEqual([
      expect.objectContaining({ endpoint: `${server.origin}/api/v1`, limit: 3, inFlight: 0, queued: 0 }),
    ]);
    await models.close();
    await rm(folder, { recursive: true });
  });

  it('shares one limiter among the models of an endpoint, and one model among equal words', async () => {
    await using server = await loopback((_, response) => setTimeout(() => sendJson(response, chatAnswer('hi')), 30));
    const models = createModels({ concurrency: 4, ...noEnv });
    const [a, b] = await Promise.all([
      models.resolve(`${server.origin}/v1#a`),
      models.resolve(`${server.origin}/v1#b`),
    ]);
    expect(await models.resolve(`${server.origin}/v1#a`)).toBe(a);
    const calls = [a, b, a, b, a, b].map((model) => model?.generate(hello));
    expect(models.limiters()).toEqual([expect.objectContaining({ limit: 4, inFlight: 4, queued: 2 })]);
    await Promise.all(calls);
    await models.close();
  });

  it('speaks of OpenAI by name: key, base address, field names', async () => {
    await using server = await loopback((_, response) => sendJson(response, chatAnswer('hi')));
    const env = { OPENAI_API_KEY: 'openai-key-2', OPENAI_BASE_URL: `${server.origin}/v1` };
    const model = await resolveModel('openai:gpt-x', { env });
    await model.generate({ ...hello, maxTokens: 3 });
    expect(server.seen[0]).toMatchObject({
      headers: { authorization: 'Bearer openai-key-2' },
      body: { model: 'gpt-x', max_tokens: 3 },
    });
    await model.close?.();
    const hosted = await resolveModel('openai:gpt-x', { env: { OPENAI_API_KEY: 'openai-key-2' } });
    expect(hosted).toMatchObject({ endpoint: 'https://api.openai.com/v1' });
    expect(hosted.loglikelihood).toBeUndefined();
  });

  it('says which key is missing', async () => {
    for (const [spec, variable] of [
      ['openai:m', 'OPENAI_API_KEY'],
      ['anthropic:m', 'ANTHROPIC_API_KEY'],
      ['google:m', 'GOOGLE_GENERATIVE_AI_API_KEY'],
    ] as const) {
      await expect(resolveModel(spec, noEnv)).rejects.toMatchObject({
        exitCode: 2,
        code: 'key-missing',
        message: expect.stringContaining(variable),
      });
    }
    const config = { endpoints: { lab: { baseUrl: 'http://x/v1', keyEnv: 'LAB_KEY' } } };
    await expect(resolveModel('lab:m', { config, env: {} })).rejects.toMatchObject({
      where: expect.stringContaining('endpoints.lab.keyEnv'),
    });
    await expect(resolveModel('lab:m', { config, env: { LAB_KEY: 'a\r\nx-evil: 1' } })).rejects.toMatchObject({
      code: 'key-invalid',
    });
  });

  it('names what exists for words that name nothing', async () => {
    await expect(resolveModel('opnai:m', noEnv)).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringContaining('Did you mean openai?'),
    });
    await expect(resolveModel('constructor:m', noEnv)).rejects.toMatchObject({ code: 'unknown-provider' });
    await expect(resolveModel('gpt-4', noEnv)).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringContaining('PROVIDER:NAME'),
    });
    await expect(resolveModel('openai:', noEnv)).rejects.toMatchObject({ exitCode: 2 });
    await expect(resolveModel('http://me:pw@x/v1#m', noEnv)).rejects.toMatchObject({ exitCode: 2 });
    await expect(resolveModel('test:nope', noEnv)).rejects.toMatchObject({ exitCode: 2 });
  });

  it('makes failed attempts again and tells of each', async () => {
    await using server = await loopback((_, response, nth) => {
      if (nth === 1) sendJson(response, { error: 'slow down' }, 429, { 'retry-after-ms': '5' });
      else if (nth === 2) sendJson(response, {}, 500);
      else if (nth === 3) response.destroy();
      else sendJson(response, chatAnswer('hi'));
    });
    const model = await resolveModel(`${server.origin}/v1#m`, { ...noEnv, retry: { baseMs: 1 } });
    const kinds: string[] = [];
    const answer = await model.generate(hello, { onAttemptFailed: ({ kind }) => kinds.push(kind) });
    expect(answer.text).toBe('hi');
    expect(kinds).toEqual(['rate-limit', 'server-error', 'connection']);
    await model.close?.();
  });
});

describe('listing', () => {
  it('tells what is ready and what is missing', () => {
    const config = { endpoints: { lab: { baseUrl: 'http://x/v1', keyEnv: 'LAB_KEY' } } };
    const listed = new Map(listProviders({ config, env: { OPENAI_API_KEY: 'x' } }).map((one) => [one.name, one]));
    expect(listed.get('openai')?.ready).toBe(true);
    expect(listed.get('anthropic')).toMatchObject({ ready: false, missing: 'ANTHROPIC_API_KEY' });
    expect(listed.get('lab')).toMatchObject({ ready: false, missing: 'LAB_KEY' });
    expect(listed.has('test:hash')).toBe(true);
  });
});
