import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { startEndpoint } from '../support/endpoint.ts';
import { ask, holding, post, serve, until } from './support.ts';

test('200 requests at once are answered, each to its own question, streamed and not', async () => {
  const endpoint = await startEndpoint({ reply: ({ prompt }) => `echo ${prompt}`, latencyMs: () => 5 });
  const { client, store, serving, server } = await serve(endpoint.model, { config: { concurrency: 32 } });
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const request = ask(`question ${i}`);
      if (i % 2 === 0) return (await client.chat.completions.create(request)).choices[0]?.message.content;
      let text = '';
      for await (const { choices } of await client.chat.completions.create({ ...request, stream: true })) {
        text += choices[0]?.delta.content ?? '';
      }
      return text;
    }),
  );
  expect(answers).toEqual(Array.from({ length: 200 }, (_, i) => `echo question ${i}`));
  expect(endpoint.seen).toHaveLength(200);
  expect([server.active, server.waiting]).toEqual([0, 0]);
  await expect.poll(async () => (await store.completed(serving.run.id)).size).toBe(200);
});

test('what finds neither place nor queue is refused with 503, and told when to come back', async () => {
  const upstream = holding();
  const endpoint = await startEndpoint({ handle: (_request, response) => upstream.hold(response) });
  const { address, client, server } = await serve(endpoint.model, {
    config: { concurrency: 2 },
    server: { queue: 3 },
  });
  const abort = new AbortController();
  const waiting = Array.from({ length: 5 }, (_, i) =>
    client.chat.completions.create(ask(`q ${i}`), { signal: abort.signal }).catch((error: unknown) => error),
  );
  await until(() => server.waiting === 3);
  const refused = await post(address, JSON.stringify(ask('one more')));
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(await refused.json()).toMatchObject({ error: { type: 'server_error', code: 'queue_full' } });
  abort.abort();
  for (const end of await Promise.all(waiting)) expect(end).toBeInstanceOf(OpenAI.APIUserAbortError);
  await until(() => server.active === 0 && server.waiting === 0);
});

test('places go round the clients: one that sends many does not keep another waiting for all of them', async () => {
  const upstream = holding();
  const endpoint = await startEndpoint({ handle: (_request, response) => upstream.hold(response) });
  const { client, server } = await serve(endpoint.model, { config: { concurrency: 1 } });
  const done: string[] = [];
  const send = (user: string, i: number): Promise<unknown> =>
    client.chat.completions.create({ ...ask(`${user} ${i}`), user }).then(() => done.push(`${user}${i}`));
  const all = Array.from({ length: 5 }, (_, i) => send('a', i));
  await until(() => server.waiting === 4);
  all.push(send('b', 0), send('b', 1));
  await until(() => server.waiting === 6);
  while (done.length < 7) {
    await until(() => upstream.open.size > 0 || done.length === 7);
    for (const response of upstream.open) {
      upstream.open.delete(response);
      response.writeHead(200, { 'content-type': 'application/json' });
      const choice = { index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' };
      response.end(JSON.stringify({ choices: [choice] }));
    }
  }
  await Promise.all(all);
  expect(done).toEqual(['a0', 'a1', 'b0', 'a2', 'b1', 'a3', 'a4']);
});

test.each([false, true])('a client that leaves ends the calls made for it (streamed: %s)', async (stream) => {
  const upstream = holding();
  const endpoint = await startEndpoint({
    handle: ({ prompt }, response) => prompt.includes('leave') && upstream.hold(response),
  });
  const { client, server, logs, store, serving } = await serve(endpoint.model, {
    config: { method: 'self-consistency:n=3' },
    server: { graceMs: 0 },
  });
  const abort = new AbortController();
  const leaving = client.chat.completions
    .create({ ...ask('leave me'), stream }, { signal: abort.signal })
    .then(async (answer) => {
      if ('controller' in answer) for await (const _chunk of answer) abort.signal.throwIfAborted();
    });
  const left = leaving.catch((error: unknown) => error);
  await until(() => upstream.open.size === 3);
  abort.abort();
  await left;
  await until(() => upstream.cut === 3 && server.active === 0);
  expect(await client.chat.completions.create(ask('stay'))).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
  await until(() => logs.length === 2);
  expect(logs[0]?.status).toBe(499);
  await expect.poll(async () => (await Array.fromAsync(store.results(serving.run.id))).length).toBe(1);
});

test('100 connections that are cut at any moment leave the server healthy', async () => {
  const endpoint = await startEndpoint({ latencyMs: (key) => 1 + (key.length % 7) });
  const { client, server } = await serve(endpoint.model, { config: { concurrency: 16 } });
  await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      const signal = AbortSignal.timeout(1 + (i % 40));
      try {
        const stream = await client.chat.completions.create({ ...ask(`cut ${i}`), stream: true }, { signal });
        for await (const _chunk of stream) if (i % 3 === 0) break;
      } catch {
        // Cut before the first chunk.
      }
    }),
  );
  await until(() => server.active === 0 && server.waiting === 0);
  expect((await client.chat.completions.create(ask('still there?'))).choices[0]?.finish_reason).toBe('stop');
});

test('equal requests share their calls, which end only when the last of them has left', async () => {
  const upstream = holding();
  const endpoint = await startEndpoint({ handle: (_request, response) => upstream.hold(response) });
  const { client, server } = await serve(endpoint.model);
  const aborts = [new AbortController(), new AbortController()];
  const both = aborts.map(({ signal }) =>
    client.chat.completions.create({ ...ask('same'), seed: 3 }, { signal }).catch((error: unknown) => error),
  );
  await until(() => upstream.open.size === 1 && server.active === 2);
  aborts[0]?.abort();
  await until(() => server.active === 1);
  expect(upstream.cut).toBe(0);
  aborts[1]?.abort();
  await until(() => upstream.cut === 1);
  await Promise.all(both);
  expect(endpoint.seen).toHaveLength(1);
});

test('comments keep a streamed answer alive while the method works', async () => {
  const upstream = holding();
  const endpoint = await startEndpoint({ handle: (_request, response) => upstream.hold(response) });
  const { address, server } = await serve(endpoint.model, { server: { keepAliveMs: 5, graceMs: 0 } });
  const abort = new AbortController();
  const response = await fetch(`${address}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ ...ask('slow'), stream: true }),
    headers: { 'content-type': 'application/json' },
    signal: abort.signal,
  });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while ((text.match(/^: keep-alive$/gm) ?? []).length < 3) text += (await reader?.read())?.value ?? '';
  expect(text).toMatch(/^data: \{.*"role":"assistant"/);
  abort.abort();
  await until(() => server.active === 0);
});
