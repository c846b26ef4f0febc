import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { loopback, chatAnswer, sendJson } from '../../src/models/testing/loopback.ts';
import { startEndpoint } from '../support/endpoint.ts';
import { ask, post, serve } from './support.ts';

const dataUrl = async (width: number, height: number): Promise<string> => {
  const bytes = await sharp({ create: { width, height, channels: 3, background: '#c04020' } })
    .png()
    .toBuffer();
  return `data:image/png;base64,${bytes.toString('base64')}`;
};

describe('answers', () => {
  test('come whole, with usage and a trace in the store', async () => {
    const { client, store, serving } = await serve('test:echo');
    const answer = await client.chat.completions.create({ ...ask('What is 6 times 7?'), seed: 1 });
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: 'served-method',
      choices: [{ index: 0, message: { role: 'assistant', content: 'What is 6 times 7?' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 5, completion_tokens: 5, total_tokens: 10 },
    });
    expect(answer.system_fingerprint).toMatch(/^fp_[0-9a-f]{12}$/);
    expect(answer._request_id).toBe(answer.id);
    await expect
      .poll(() => store.resultOf(serving.run.id, answer.id))
      .toMatchObject({ status: 'completed', answer: { text: 'What is 6 times 7?' }, usage: { calls: 1 } });
  });

  test('come in pieces that join to the same text, then usage, then the end', async () => {
    const { client } = await serve('test:echo');
    const text = `${'A sentence of some length, again and again. '.repeat(20)}😀 end`;
    const stream = await client.chat.completions.create({
      ...ask(text),
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await Array.fromAsync(stream);
    expect(chunks[0]?.choices[0]?.delta).toMatchObject({ role: 'assistant', content: '' });
    const contents = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta.content ?? ''));
    expect(contents.join('')).toBe(text);
    expect(contents.length).toBeGreaterThan(5);
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  test('of several inner calls have their usage summed, by role too', async () => {
    const endpoint = await startEndpoint({ reply: () => '<answer>42</answer>' });
    const { client } = await serve(endpoint.model, { config: { method: 'self-consistency:n=5' } });
    const { choices, usage } = await client.chat.completions.create(ask('6 times 7?'));
    expect(choices[0]?.message.content).toBe('<answer>42</answer>');
    expect(usage).toMatchObject({
      prompt_tokens: 50,
      completion_tokens: 10,
      total_tokens: 60,
      fettle: { calls: 5, replayed_calls: 0, roles: { main: { calls: 5, prompt_tokens: 50, completion_tokens: 10 } } },
    });
    expect(new Set(endpoint.seen.map(({ seed }) => seed)).size).toBe(5);
  });

  test('of a method with a verifier tell its tokens apart', async () => {
    const main = await startEndpoint({
      reply: () => 'Step 1: 6 times 7 is 42.\nStep 2: The answer is 42.\n<ans>42</ans>',
    });
    await using verifier = await loopback((_request, response) =>
      sendJson(
        response,
        chatAnswer('correct', {
          logprobs: {
            content: [
              {
                token: 'correct',
                logprob: -0.01,
                top_logprobs: [
                  { token: 'correct', logprob: -0.01 },
                  { token: 'incorrect', logprob: -5 },
                ],
              },
            ],
          },
        }),
      ),
    );
    const { client, store, serving } = await serve(main.model, {
      config: { method: 'stepco', models: { main: main.model, verifier: `${verifier.origin}/v1#judge` } },
    });
    const { id, usage } = await client.chat.completions.create(ask('6 times 7?'));
    const { fettle } = usage as unknown as {
      fettle: { calls: number; roles: Record<string, { calls: number; prompt_tokens: number }> };
    };
    expect(fettle.roles['main']?.calls).toBe(main.seen.length);
    expect(fettle.roles['verifier']?.calls).toBe(verifier.seen.length);
    expect(verifier.seen.length).toBeGreaterThan(0);
    expect(usage?.prompt_tokens).toBe(10 * main.seen.length + 12 * verifier.seen.length);
    await expect
      .poll(async () => (await store.resultOf(serving.run.id, id))?.trace.map(({ type }) => type))
      .toContain('round');
  });

  test('n are independent, and counted together', async () => {
    const endpoint = await startEndpoint();
    const { client } = await serve(endpoint.model);
    const { choices, usage } = await client.chat.completions.create({ ...ask('A digit?'), n: 3, seed: 7 });
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(endpoint.seen.map(({ seed }) => seed).sort()).toEqual([7, 8, 9]);
    expect(usage?.total_tokens).toBe(36);
    const stream = await client.chat.completions.create({ ...ask('A digit?'), n: 2, seed: 70, stream: true });
    const texts = ['', ''];
    for await (const { choices: pieces } of stream) {
      for (const { index, delta } of pieces) texts[index] += delta.content ?? '';
    }
    expect(texts.every((text) => /^\d$/.test(text))).toBe(true);
  });
});

describe('any method can be served', () => {
  test.each([
    'direct',
    'chain-of-thought',
    'self-consistency:n=2',
    'self-consistency:n=2,cue=steps',
    'self-correct',
    'best-of-n:n=2',
    'stepco',
  ])('%s answers within a conversation', async (method) => {
    const text = 'Step 1: 6 times 7 is 42.\nStep 2: The answer is 42.\n<answer>42</answer>';
    const top_logprobs = [
      { token: 'correct', logprob: -0.01 },
      { token: 'incorrect', logprob: -5 },
    ];
    const logprobs = { content: [{ token: 'correct', logprob: -0.01, top_logprobs }] };
    await using upstream = await loopback(({ body }, response) =>
      sendJson(response, body['logprobs'] === true ? chatAnswer('correct', { logprobs }) : chatAnswer(text)),
    );
    const { client } = await serve(`${upstream.origin}/v1#m`, { config: { method } });
    const { choices, usage } = await client.chat.completions.create({
      model: 'any',
      messages: [
        { role: 'system', content: 'You know numbers.' },
        { role: 'user', content: 'What is 6 plus 7?' },
        { role: 'assistant', content: 'It is 13.' },
        { role: 'user', content: 'And 6 times 7?' },
      ],
    });
    expect(choices[0]?.message.content).toContain('42');
    expect(usage).toMatchObject({ fettle: { calls: upstream.seen.length } });
    const first = JSON.stringify(upstream.seen[0]?.body['messages']);
    for (const turn of ['You know numbers.', '6 plus 7', 'It is 13.', '6 times 7']) expect(first).toContain(turn);
  });
});

describe('requests', () => {
  test('reach the model whole: turns, system and developer messages, settings', async () => {
    await using upstream = await loopback((_request, response) => sendJson(response, chatAnswer('fine')));
    const { client } = await serve(`${upstream.origin}/v1#m`);
    await client.chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hello yourself' },
        { role: 'user', content: [{ type: 'text', text: 'Again' }] },
      ],
      max_completion_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      stop: ['END', 'FIN'],
      seed: 12,
      user: 'someone',
      metadata: { a: 'b' },
      store: false,
      tools: [],
      frequency_penalty: 0,
      response_format: { type: 'text' },
    });
    expect(upstream.seen[0]?.body).toMatchObject({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hello yourself' },
        { role: 'user', content: 'Again' },
      ],
      max_tokens: 9,
      temperature: 0.5,
      top_p: 0.9,
      stop: ['END', 'FIN'],
      seed: 12,
    });
    for (const field of ['user', 'metadata', 'store', 'tools', 'frequency_penalty', 'response_format']) {
      expect(upstream.seen[0]?.body).not.toHaveProperty(field);
    }
  });

  test('can be the answer of before, as the client’s library holds it', async () => {
    const { client } = await serve('test:echo');
    const first = await client.chat.completions.create(ask('one'));
    const message = first.choices[0]?.message;
    if (message === undefined) throw new Error('There is no message.');
    const second = await client.chat.completions.create({
      model: 'any',
      messages: [{ role: 'user', content: 'one' }, message, { role: 'user', content: 'two' }],
    });
    expect(second.choices[0]?.message.content).toBe('two');
  });

  test('hold images as data URLs', async () => {
    const { client, store, serving } = await serve('test:echo');
    const { id, choices } = await client.chat.completions.create({
      model: 'any',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look: ' },
            { type: 'image_url', image_url: { url: await dataUrl(7, 5), detail: 'low' } },
            { type: 'image_url', image_url: { url: await dataUrl(3, 4) } },
          ],
        },
      ],
    });
    expect(choices[0]?.message.content).toBe('Look: [image image/png 7x5][image image/png 3x4]');
    await expect
      .poll(async () => JSON.stringify((await store.resultOf(serving.run.id, id))?.input))
      .toContain('sha256');
  });

  const image = (url: string): object => ({
    model: 'any',
    messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
  });
  test.each([
    [
      'an address',
      image('https://example.org/cat.png'),
      'messages[0].content[0].image_url.url',
      'remote_image_refused',
    ],
    ['a file', image('file:///etc/passwd'), 'messages[0].content[0].image_url.url', 'remote_image_refused'],
    [
      'no image',
      image('data:image/png;base64,aGVsbG8gd29ybGQ='),
      'messages[0].content[0].image_url.url',
      'invalid_image',
    ],
    [
      'markup',
      image(`data:image/svg+xml;base64,${btoa('<svg/>')}`),
      'messages[0].content[0].image_url.url',
      'invalid_image',
    ],
    [
      'tools',
      { ...ask('x'), tools: [{ type: 'function', function: { name: 'f' } }] },
      'tools',
      'unsupported_parameter',
    ],
    ['functions', { ...ask('x'), functions: [{ name: 'f' }] }, 'functions', 'unsupported_parameter'],
    ['a format', { ...ask('x'), response_format: { type: 'json_schema' } }, 'response_format', 'unsupported_parameter'],
    ['logprobs', { ...ask('x'), logprobs: true }, 'logprobs', 'unsupported_parameter'],
    ['a penalty', { ...ask('x'), presence_penalty: 1 }, 'presence_penalty', 'unsupported_parameter'],
    ['an unknown field', { ...ask('x'), guided_json: {} }, 'guided_json', 'unknown_parameter'],
    ['no messages', { model: 'any' }, 'messages', 'invalid_value'],
    ['empty messages', { model: 'any', messages: [] }, 'messages', 'invalid_value'],
    ['a role', { model: 'any', messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].role', 'invalid_value'],
    [
      'audio',
      { model: 'any', messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] },
      'messages[0].content[0].type',
      'invalid_value',
    ],
    [
      'a tool call',
      { model: 'any', messages: [{ role: 'assistant', content: 'x', tool_calls: [{}] }] },
      'messages[0].tool_calls',
      'invalid_value',
    ],
    ['a temperature', { ...ask('x'), temperature: 3 }, 'temperature', 'invalid_value'],
    ['a text for a number', { ...ask('x'), seed: '1' }, 'seed', 'invalid_value'],
    ['no tokens', { ...ask('x'), max_tokens: 0 }, 'max_tokens', 'invalid_value'],
    ['two limits', { ...ask('x'), max_tokens: 1, max_completion_tokens: 2 }, 'max_tokens', null],
    ['too many choices', { ...ask('x'), n: 1000 }, 'n', 'invalid_value'],
  ])('with %s are refused, and the field named', async (_name, body, param, code) => {
    const { address } = await serve('test:echo');
    const response = await post(address, JSON.stringify(body));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: { message: expect.stringMatching(/.{10}/), type: 'invalid_request_error', param, code },
    });
  });

  test('can be told the model there is', async () => {
    const { client } = await serve('test:echo');
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['served-method']);
    expect((await client.models.retrieve('served-method')).object).toBe('model');
    await expect(client.models.retrieve('other')).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  });
});
