import { describe, expect, it } from 'vitest';
import type { ImageReference, Model } from '../../core/index.ts';
import { chatAnswer, loopback, sendJson } from '../testing/loopback.ts';
import { createOpenAICompatible, type OpenAICompatibleOptions } from './model.ts';

const hello = { messages: [{ role: 'user', content: 'hello' }] as const };
const image: ImageReference = {
  label: 'one.png',
  load: async () => ({ sha256: 'aa', mediaType: 'image/png', bytes: new Uint8Array([1, 2, 3]) }),
};

function model(origin: string, options: Partial<OpenAICompatibleOptions> = {}): Model & AsyncDisposable {
  const made = createOpenAICompatible({ id: 'test', baseUrl: `${origin}/v1`, model: 'm', ...options });
  return Object.assign(made, { [Symbol.asyncDispose]: async () => made.close?.() });
}

describe('requests', () => {
  it('writes all settings, and extra fields over them', async () => {
    await using server = await loopback((_, response) => sendJson(response, chatAnswer('hi')));
    await using subject = model(server.origin, {
      apiKey: 'key-123456',
      headers: { 'X-Team': 'a' },
      extra: { top_p: 0.1, user: 'u' },
    });
    await subject.generate({
      ...hello,
      maxTokens: 7,
      temperature: 0,
      topP: 0.9,
      topK: 40,
      stop: ['\n'],
      seed: 3,
      logprobs: 2,
      extra: { reasoning_effort: 'low' },
    });
    expect(server.seen[0]?.url).toBe('/v1/chat/completions');
    expect(server.seen[0]?.headers).toMatchObject({ authorization: 'Bearer key-123456', 'x-team': 'a' });
    expect(server.seen[0]?.body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hello' }],
      max_tokens: 7,
      temperature: 0,
      top_p: 0.9,
      top_k: 40,
      stop: ['\n'],
      seed: 3,
      logprobs: true,
      top_logprobs: 2,
      user: 'u',
      reasoning_effort: 'low',
      stream: false,
    });
  });

  it('leaves out what the endpoint does not know and names the bound of tokens as it wants', async () => {
    await using server = await loopback((_, response) => sendJson(response, chatAnswer('hi')));
    await using subject = model(server.origin, { omit: ['seed', 'top_k'], maxTokensField: 'max_completion_tokens' });
    await subject.generate({ ...hello, maxTokens: 7, seed: 3, topK: 4 });
    expect(server.seen[0]?.body).toEqual({
      model: 'm',
      messages: hello.messages,
      max_completion_tokens: 7,
      stream: false,
    });
  });

  it('sends images as data URIs, in their places', async () => {
    await using server = await loopback((_, response) => sendJson(response, chatAnswer('hi')));
    await using subject = model(server.origin);
    const content = [
      { type: 'text', text: 'a' },
      { type: 'image', image, detail: 'low' },
      { type: 'text', text: 'b' },
    ] as const;
    await subject.generate({
      messages: [
        { role: 'system', content: 's' },
        { role: 'user', content },
      ],
    });
    expect(server.seen[0]?.body.messages).toEqual([
      { role: 'system', content: 's' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID', detail: 'low' } },
          { type: 'text', text: 'b' },
        ],
      },
    ]);
  });

  it('continues raw text through /completions', async () => {
    await using server = await loopback((_, response) => {
      const logprobs = {
        tokens: [' 4', ' 5'],
        token_logprobs: [-0.1, null],
        top_logprobs: [{ ' 4': -0.1, ' 3': -2 }, null],
      };
      sendJson(response, { choices: [{ text: ' 4', finish_reason: 'length', logprobs }] });
    });
    await using subject = model(server.origin);
    const answer = await subject.generate({
      messages: [{ role: 'user', content: '2+2=' }],
      raw: true,
      logprobs: 1,
      maxTokens: 1,
    });
    expect(server.seen[0]).toMatchObject({
      url: '/v1/completions',
      body: { prompt: '2+2=', logprobs: 1, max_tokens: 1 },
    });
    expect(answer).toMatchObject({ text: ' 4', finishReason: 'length' });
    expect(answer.logprobs).toEqual([
      {
        token: ' 4',
        logprob: -0.1,
        top: [
          { token: ' 4', logprob: -0.1 },
          { token: ' 3', logprob: -2 },
        ],
      },
    ]);
    await expect(
      subject.generate({ messages: [{ role: 'user', content: [{ type: 'image', image }] }], raw: true }),
    ).rejects.toMatchObject({ kind: 'refused' });
  });
});

describe('answers', () => {
  it('reads usage, reasoning, log-probabilities and the reason of the end', async () => {
    const top_logprobs = [
      { token: 'hi', logprob: -0.2 },
      { token: 'ho', logprob: -1.8 },
    ];
    const body = chatAnswer(
      null,
      {
        message: {
          content: [
            { type: 'text', text: 'h' },
            { type: 'text', text: 'i' },
          ],
          reasoning_content: 'thinking',
        },
        finish_reason: 'content_filter',
        logprobs: { content: [{ token: 'hi', logprob: -0.2, top_logprobs }] },
      },
      {
        usage: {
          prompt_tokens: 10,
          completion_tokens: 4,
          prompt_tokens_details: { cached_tokens: 8 },
          completion_tokens_details: { reasoning_tokens: 3 },
        },
      },
    );
    await using server = await loopback((_, response) => sendJson(response, body));
    await using subject = model(server.origin);
    expect(await subject.generate(hello)).toEqual({
      text: 'hi',
      finishReason: 'content-filter',
      usage: { inputTokens: 10, outputTokens: 4, cachedInputTokens: 8, reasoningTokens: 3 },
      logprobs: [{ token: 'hi', logprob: -0.2, top: top_logprobs }],
      reasoning: 'thinking',
      model: 'served-name',
    });
  });

  it('says what is wrong with an answer that is none', async () => {
    const bodies: [string, string, object][] = [
      [
        '<!doctype html><html><head><title>Sign in</title></head>',
        'web page instead of JSON: Sign in',
        { retryable: false, hint: expect.stringContaining('/v1') },
      ],
      ['', 'is empty', { retryable: true }],
      ['{"choices":[{"mess', 'not JSON', { retryable: true }],
      ['[]', 'not an object', { retryable: true }],
      [
        '{"object":"list"}',
        'no "choices" (its fields: object)',
        { retryable: false, hint: expect.stringContaining('/v1') },
      ],
      ['{"choices":[{}]}', 'without "message"', { retryable: false }],
      ['data: {"choices":[]}\n\n', 'stream', { retryable: false }],
      ['{"error":{"message":"busy","code":429}}', 'busy', { kind: 'rate-limit', retryable: true }],
      ['{"error":{"message":"upstream"}}', 'upstream', { kind: 'server-error', retryable: true }],
    ];
    await using server = await loopback((_, response, nth) => response.end(bodies[nth - 1]?.[0]));
    await using subject = model(server.origin);
    for (const [, message, facts] of bodies) {
      await expect(subject.generate(hello)).rejects.toMatchObject({
        message: expect.stringContaining(message),
        ...facts,
      });
    }
  });

  it('says what an error status means and what to do', async () => {
    const error = (message: string, code?: string) => JSON.stringify({ error: { message, code } });
    const answers: [number, string, object][] = [
      [401, error('no'), { kind: 'refused', code: 'model-unauthorized', hint: expect.stringContaining('LAB_KEY') }],
      [
        404,
        error('The model `m` does not exist'),
        { kind: 'refused', code: 'model-not-found', hint: expect.stringContaining('name of the model') },
      ],
      [
        400,
        error('This model’s maximum context length is 10 tokens'),
        { code: 'model-context-length', kind: 'refused' },
      ],
      [
        400,
        error("Unrecognized request argument supplied: 'top_k'"),
        { code: 'model-bad-request', hint: expect.stringContaining('"top_k"') },
      ],
      [
        400,
        error("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        { hint: expect.stringContaining('maxTokensField') },
      ],
      [429, error('slow down'), { kind: 'rate-limit', status: 429, retryAfterMs: 2000 }],
      [429, error('pay', 'insufficient_quota'), { kind: 'refused', code: 'model-quota' }],
      [
        503,
        '<html><title>Bad gateway</title></html>',
        { kind: 'server-error', message: expect.stringContaining('Bad gateway') },
      ],
      [
        422,
        JSON.stringify({ detail: 'field required' }),
        { kind: 'refused', message: expect.stringContaining('field required') },
      ],
      [302, '', { kind: 'refused', message: expect.stringContaining('redirects') }],
    ];
    await using server = await loopback((_, response, nth) => {
      const [status, body] = answers[nth - 1] ?? [500, ''];
      response.writeHead(status, { 'retry-after': '2', location: 'https://elsewhere.example/' });
      response.end(body);
    });
    await using subject = model(server.origin, { apiKey: 'secret-key-1', keySource: 'LAB_KEY' });
    for (const [, , facts] of answers) await expect(subject.generate(hello)).rejects.toMatchObject(facts);
  });

  it('hints at /v1 where the base address lacks it', async () => {
    await using server = await loopback((_, response) => sendJson(response, {}, 404));
    await using subject = model(server.origin, { baseUrl: server.origin });
    await expect(subject.generate(hello)).rejects.toMatchObject({
      hint: expect.stringContaining(`${server.origin}/v1`),
    });
  });

  it('cleans hostile error texts: no escapes, no flood, no key', async () => {
    const { registerSecret } = await import('../redact.ts');
    registerSecret('lab-secret-42');
    const hostile = `\u001b[2J\u001b]0;owned\u0007bad\u202e key lab-secret-42 sk-abcdefghijklmnopqrstuvwx\r\n${'x'.repeat(100_000)}`;
    await using server = await loopback((_, response) => sendJson(response, { error: { message: hostile } }, 500));
    await using subject = model(server.origin);
    const error: Error = await subject.generate(hello).then(
      () => new Error('answered'),
      (thrown: Error) => thrown,
    );
    // oxlint-disable-next-line no-control-regex
    expect(error.message).not.toMatch(/[\u0000-\u001f\u202e]|lab-secret|sk-abc|owned/);
    expect(error.message.length).toBeLessThan(500);
    expect(error.message).toContain('bad key [redacted] [redacted]');
  });
});
