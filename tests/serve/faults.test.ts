import http from 'node:http';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { chatAnswer, loopback, sendJson } from '../../src/models/testing/loopback.ts';
import { startServer } from '../../src/server/index.ts';
import { startEndpoint } from '../support/endpoint.ts';
import { ask, clientOf, holding, post, serve, until } from './support.ts';

const failure = async (work: PromiseLike<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
};

describe('what the endpoint behind the method says', () => {
  test.each([
    ['429', 429, { error: { message: 'slow down' } }, { 'retry-after': '7' }, 429, 'rate_limit_exceeded', '7'],
    ['no quota', 429, { error: { message: 'pay', code: 'insufficient_quota' } }, {}, 429, 'upstream_quota', null],
    ['500', 500, { error: { message: 'oh' } }, {}, 502, 'upstream_server_error', null],
    ['503', 503, 'busy', { 'retry-after': '3' }, 502, 'upstream_server_error', '3'],
    ['401', 401, { error: { message: 'bad key' } }, {}, 502, 'upstream_unauthorized', null],
    ['404', 404, { error: { message: 'no such model' } }, {}, 502, 'upstream_not_found', null],
    ['400', 400, { error: { message: 'temperature is odd' } }, {}, 400, 'upstream_refused', null],
    [
      'a context that is too short',
      400,
      { error: { message: 'maximum context length is 5 tokens', code: 'context_length_exceeded' } },
      {},
      400,
      'context_length_exceeded',
      null,
    ],
    ['half a body', 200, '{"choices":', {}, 502, 'upstream_invalid_response', null],
  ] as const)(
    '%s is passed on in the standard form',
    async (_name, status, body, headers, expected, code, retryAfter) => {
      await using upstream = await loopback((_request, response) => sendJson(response, body, status, headers));
      const { client, store, serving } = await serve(`${upstream.origin}/v1#m`);
      const error = await failure(client.chat.completions.create({ ...ask('x'), seed: 1 }));
      expect([error.status, error.code]).toEqual([expected, code]);
      expect(error.headers?.get('retry-after') ?? null).toBe(retryAfter);
      const streamed = await failure(client.chat.completions.create({ ...ask('y'), seed: 1, stream: true }));
      expect([streamed.status, streamed.code]).toEqual([expected, code]);
      await expect
        .poll(async () => (await Array.fromAsync(store.results(serving.run.id))).map((result) => result.status))
        .toEqual(['failed', 'failed']);
    },
  );

  test('nothing listens: 502, and an answer once something does', async () => {
    const { client } = await serve('http://127.0.0.1:1/v1#m');
    expect(await failure(client.chat.completions.create(ask('x')))).toMatchObject({
      status: 502,
      code: 'upstream_unreachable',
    });
  });

  test('a failure after the stream has begun is an event that the client throws', async () => {
    await using upstream = await loopback((_request, response) => {
      setTimeout(() => sendJson(response, { error: { message: 'no' } }, 400), 60);
    });
    const { client } = await serve(`${upstream.origin}/v1#m`, { server: { graceMs: 0 } });
    const stream = await client.chat.completions.create({ ...ask('x'), stream: true });
    const error = await failure(Array.fromAsync(stream));
    expect(error.code).toBe('upstream_refused');
  });

  test('a request that failed is made again from the journal: what was answered is not asked again', async () => {
    let broken = true;
    const endpoint = await startEndpoint({
      handle({ seed }, response) {
        if (!broken || seed === 5) return false;
        sendJson(response, { error: { message: 'not now' } }, 400);
        return true;
      },
    });
    const { client } = await serve(endpoint.model, { config: { method: 'self-consistency:n=2' } });
    const request = { ...ask('A digit?'), seed: 5 };
    await failure(client.chat.completions.create(request));
    await until(() => endpoint.seen.length >= 2);
    broken = false;
    const answer = await client.chat.completions.create(request);
    expect(answer.usage).toMatchObject({ fettle: { calls: 2, replayed_calls: 1 } });
    expect(endpoint.seen.filter(({ seed }) => seed === 5)).toHaveLength(1);
  });
});

test('keys and tokens appear in no error and no log', async () => {
  const key = 'sk-secret-of-the-endpoint-0123456789';
  await using upstream = await loopback(({ headers }, response) =>
    sendJson(response, { error: { message: `I do not like ${String(headers.authorization)}` } }, 400),
  );
  process.env['FETTLE_API_KEY'] = key;
  try {
    const { client, logs, store, serving } = await serve(`${upstream.origin}/v1#m`);
    const error = await failure(client.chat.completions.create(ask('x')));
    await until(() => logs.length === 1);
    expect(upstream.seen[0]?.headers.authorization).toContain(key);
    await expect.poll(async () => (await Array.fromAsync(store.results(serving.run.id))).length).toBe(1);
    const kept = await Array.fromAsync(store.results(serving.run.id));
    expect(JSON.stringify([error.error, error.message, logs, kept])).not.toContain(key);
  } finally {
    delete process.env['FETTLE_API_KEY'];
  }
});

describe('limits', () => {
  test('a budget that is used up is 429 with a code of its own, and clients do not try again', async () => {
    const endpoint = await startEndpoint();
    const { client } = await serve(endpoint.model, { config: { budget: { calls: 2 } } });
    const first = await client.chat.completions.create({ ...ask('1'), seed: 1 });
    await client.chat.completions.create({ ...ask('2'), seed: 1 });
    const error = await failure(client.chat.completions.create({ ...ask('3'), seed: 1 }));
    expect([error.status, error.code, error.type]).toEqual([429, 'budget_exhausted', 'insufficient_quota']);
    expect(error.headers?.get('x-should-retry')).toBe('false');
    // What is in the journal still has an answer.
    expect((await client.chat.completions.create({ ...ask('1'), seed: 1 })).choices).toEqual(first.choices);
    expect(endpoint.seen).toHaveLength(2);
  });

  test('an answer that takes too long is 504, and its calls end', async () => {
    const upstream = holding();
    const endpoint = await startEndpoint({ handle: (_request, response) => upstream.hold(response) });
    const { client } = await serve(endpoint.model, { server: { timeoutMs: 50 } });
    const error = await failure(client.chat.completions.create(ask('x')));
    expect([error.status, error.code, error.headers?.get('x-should-retry')]).toEqual([504, 'timeout', 'false']);
    await until(() => upstream.cut === 1);
    const again = await failure(client.chat.completions.create({ ...ask('x'), seed: 1 }));
    expect(again.headers?.get('x-should-retry')).toBe('true');
  });

  test('bodies beyond the limit are refused, whatever they say of their length', async () => {
    const { address, client } = await serve('test:echo', { server: { maxBodyBytes: 10_000 } });
    const large = JSON.stringify(ask('x'.repeat(20_000)));
    const told = await post(address, large);
    expect(told.status).toBe(413);
    expect(await told.json()).toMatchObject({ error: { code: 'request_too_large' } });
    const { port } = new URL(address);
    const status = await new Promise((resolve, reject) => {
      const request = http.request(
        { port, path: '/v1/chat/completions', method: 'POST', headers: { 'content-type': 'application/json' } },
        (response) => resolve(response.resume().statusCode),
      );
      request.on('error', reject);
      request.write(large.slice(0, 9000));
      request.end(large.slice(9000));
    });
    expect(status).toBe(413);
    expect((await client.chat.completions.create(ask('small'))).choices[0]?.message.content).toBe('small');
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{"model": "x", '],
    ['a list', '[]'],
    ['a text', '"hello"'],
    ['null', 'null'],
    ['depth', '['.repeat(200_000)],
    ['depth within a field', `{"model":"x","metadata":${'['.repeat(90_000)}${']'.repeat(90_000)},"messages":[]}`],
    ['a prototype', '{"__proto__":{"polluted":true},"model":"x","messages":[{"role":"user","content":"x"}]}'],
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00, 0x80])],
  ])('a body of %s is 400', async (_name, body) => {
    const { address } = await serve('test:echo');
    const response = await post(address, body);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { message: string; type: string } };
    expect(error.type).toBe('invalid_request_error');
    expect(error.message.length).toBeLessThan(300);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('texts of any characters are answered', async () => {
    const { client, store, serving } = await serve('test:echo');
    const text = 'nul \u0000, lone \ud800, bell \u0007, line\u2028, "quotes"\r\ndata: [DONE]\n\n';
    const sent = text.replace('\ud800', '\ufffd');
    const { id, choices } = await client.chat.completions.create(ask(text));
    expect([text, sent]).toContain(choices[0]?.message.content);
    let streamed = '';
    for await (const chunk of await client.chat.completions.create({ ...ask(text), stream: true })) {
      streamed += chunk.choices[0]?.delta.content ?? '';
    }
    expect(streamed).toBe(choices[0]?.message.content);
    await expect.poll(() => store.resultOf(serving.run.id, id)).toMatchObject({ status: 'completed' });
  });
});

describe('who may ask', () => {
  const token = 'a-token-that-nobody-guesses';

  test('with a token nobody asks without it', async () => {
    const { address, client } = await serve('test:echo', { server: { token } });
    for (const wrong of ['unused', `${token}x`, token.slice(0, -1), token.toUpperCase()]) {
      const error = await failure(clientOf(address, wrong).chat.completions.create(ask('x')));
      expect([error.status, error.code]).toEqual([401, 'invalid_api_key']);
      expect(JSON.stringify(error.error)).not.toContain(token);
    }
    expect((await post(address, JSON.stringify(ask('x')))).status).toBe(401);
    await expect(client.models.list()).rejects.toMatchObject({ status: 401 });
    expect((await clientOf(address, token).chat.completions.create(ask('x'))).choices).toHaveLength(1);
    expect(await (await fetch(new URL('/health', address))).json()).toEqual({ status: 'ok' });
  });

  test('another address than this machine’s needs a token, and one that cannot be guessed', async () => {
    const { serving } = await serve('test:echo');
    const options = { serving, port: 0, queue: 1, timeoutMs: 1000, maxBodyBytes: 1000 };
    await expect(startServer({ ...options, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'token-missing' });
    await expect(startServer({ ...options, host: '0.0.0.0', token: 'short' })).rejects.toMatchObject({
      code: 'token-weak',
    });
    await expect(startServer({ ...options, host: '203.0.113.7', token })).rejects.toMatchObject({
      code: 'host-invalid',
    });
  });

  test('a web page can neither send to this machine by a simple request nor by a name of its own', async () => {
    const { address } = await serve('test:echo');
    const simple = await post(address, JSON.stringify(ask('x')), { 'content-type': 'text/plain' });
    expect(simple.status).toBe(415);
    const { port } = new URL(address);
    const status = await new Promise((resolve, reject) => {
      const request = http.request(
        {
          port,
          path: '/v1/chat/completions',
          method: 'POST',
          headers: { 'content-type': 'application/json', host: `rebound.example:${port}` },
        },
        (response) => resolve(response.resume().statusCode),
      );
      request.on('error', reject);
      request.end(JSON.stringify(ask('x')));
    });
    expect(status).toBe(403);
  });
});

test('an idempotency key stands for one request', async () => {
  const endpoint = await startEndpoint();
  const { client } = await serve(endpoint.model);
  const headers = { 'Idempotency-Key': 'order-66' };
  const first = await client.chat.completions.create(ask('A digit?'), { headers });
  const second = await client.chat.completions.create(ask('A digit?'), { headers });
  expect(second.id).toBe(first.id);
  expect(second.choices).toEqual(first.choices);
  expect(second.usage).toMatchObject({ total_tokens: 12, fettle: { calls: 1, replayed_calls: 1 } });
  expect(endpoint.seen).toHaveLength(1);
  expect(await failure(client.chat.completions.create(ask('Another?'), { headers }))).toMatchObject({
    status: 422,
    code: 'idempotency_key_reused',
  });
  const odd = await failure(client.chat.completions.create(ask('x'), { headers: { 'Idempotency-Key': 'a b' } }));
  expect([odd.status, odd.code]).toEqual([400, 'invalid_idempotency_key']);
});

test('without key and seed a request is new each time; at temperature 0 the cache answers it', async () => {
  await using upstream = await loopback((_request, response) => sendJson(response, chatAnswer('fine')));
  const { client } = await serve(`${upstream.origin}/v1#m`, { config: { useCache: true } });
  const seeds = (): unknown[] => upstream.seen.map(({ body }) => body['seed']);
  const first = await client.chat.completions.create(ask('x'));
  const second = await client.chat.completions.create(ask('x'));
  expect(first.id).not.toBe(second.id);
  expect(new Set(seeds()).size).toBe(2);
  await client.chat.completions.create({ ...ask('x'), temperature: 0 });
  const cached = await client.chat.completions.create({ ...ask('x'), temperature: 0 });
  expect(cached.usage).toMatchObject({ fettle: { calls: 1, replayed_calls: 1 } });
  expect(upstream.seen).toHaveLength(3);
});
