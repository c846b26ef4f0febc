import { describe, expect, it } from 'vitest';
import type { ImageReference } from '../../core/index.ts';
import { resolveModel } from '../registry.ts';
import { loopback, sendJson } from '../testing/loopback.ts';
import { fromLanguageModel } from './from-language-model.ts';

const image: ImageReference = {
  label: 'one.png',
  load: async () => ({ sha256: 'aa', mediaType: 'image/png', bytes: new Uint8Array([1, 2, 3]) }),
};
const messages = [
  { role: 'system', content: 'Be short.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is this?' },
      { type: 'image', image },
    ],
  },
] as const;
const settings = { maxTokens: 9, temperature: 0, stop: ['END'] };

describe('the provider of Anthropic', () => {
  const answer = {
    type: 'message',
    id: 'msg_1',
    model: 'claude-served',
    role: 'assistant',
    content: [{ type: 'text', text: 'A dot.' }],
    stop_reason: 'max_tokens',
    stop_sequence: null,
    usage: { input_tokens: 20, output_tokens: 4, cache_read_input_tokens: 5, cache_creation_input_tokens: 0 },
  };
  const options = (origin: string, warnings: string[] = []) => ({
    config: { endpoints: { anthropic: { baseUrl: `${origin}/v1` } } },
    env: { ANTHROPIC_API_KEY: 'anthropic-key-1' },
    retry: { baseMs: 1 },
    onWarning: (text: string) => warnings.push(text),
  });

  it('is asked with image, settings and key, and its answer is read', async () => {
    await using server = await loopback((_, response) => sendJson(response, answer));
    const warnings: string[] = [];
    const model = await resolveModel('anthropic:claude-3-5-haiku-latest', options(server.origin, warnings));
    const response = await model.generate({ messages, ...settings, seed: 4 });
    expect(response).toEqual({
      text: 'A dot.',
      finishReason: 'length',
      usage: { inputTokens: 25, outputTokens: 4, cachedInputTokens: 5 },
      model: 'claude-served',
    });
    expect(server.seen[0]?.url).toBe('/v1/messages');
    expect(server.seen[0]?.headers['x-api-key']).toBe('anthropic-key-1');
    expect(server.seen[0]?.body).toMatchObject({
      model: 'claude-3-5-haiku-latest',
      max_tokens: 9,
      temperature: 0,
      stop_sequences: ['END'],
    });
    expect(JSON.stringify(server.seen[0]?.body)).toContain('"AQID"');
    expect(warnings.join()).toContain('seed');
    expect(model).toMatchObject({ id: 'anthropic:claude-3-5-haiku-latest', endpoint: `${server.origin}/v1` });
  });

  it('has its errors mapped and made again like any other', async () => {
    await using server = await loopback((_, response, nth) => {
      if (nth === 1)
        sendJson(response, { type: 'error', error: { type: 'rate_limit_error', message: 'slow' } }, 429, {
          'retry-after-ms': '3',
        });
      else if (nth === 2)
        sendJson(response, { type: 'error', error: { type: 'overloaded_error', message: 'busy' } }, 529);
      else if (nth === 3) response.destroy();
      else if (nth === 4) response.end('<html>');
      else if (nth === 5) sendJson(response, answer);
      else
        sendJson(
          response,
          { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key anthropic-key-1' } },
          401,
        );
    });
    const model = await resolveModel('anthropic:claude-3-5-haiku-latest', options(server.origin));
    const kinds: string[] = [];
    await model.generate({ messages }, { onAttemptFailed: ({ kind }) => kinds.push(kind) });
    expect(kinds).toEqual(['rate-limit', 'server-error', 'connection', 'invalid-response']);
    const error: Error = await model.generate({ messages }).then(
      () => new Error('answered'),
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({
      kind: 'refused',
      code: 'model-unauthorized',
      hint: expect.stringContaining('ANTHROPIC_API_KEY'),
    });
    expect(error.message).not.toContain('anthropic-key-1');
  });

  it('ends when the signal aborts, and in time', async () => {
    await using server = await loopback(() => {});
    const model = await resolveModel('anthropic:claude-3-5-haiku-latest', options(server.origin));
    const abort = new AbortController();
    const call = model.generate({ messages }, { signal: abort.signal });
    while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    const config = { endpoints: { anthropic: { baseUrl: `${server.origin}/v1`, timeoutSeconds: 0.05 } } };
    const hasty = await resolveModel('anthropic:claude-3-5-haiku-latest', {
      ...options(server.origin),
      config,
      retry: { attempts: 1 },
    });
    await expect(hasty.generate({ messages })).rejects.toMatchObject({ kind: 'timeout' });
  });
});

describe('the provider of Google', () => {
  it('is asked with image, settings and key, and its answer is read', async () => {
    await using server = await loopback((_, response) =>
      sendJson(response, {
        candidates: [
          {
            content: { role: 'model', parts: [{ text: 'mm', thought: true }, { text: 'A dot.' }] },
            finishReason: 'STOP',
          },
        ],
        usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 4, thoughtsTokenCount: 6, totalTokenCount: 30 },
      }),
    );
    const config = { endpoints: { google: { baseUrl: `${server.origin}/v1beta` } } };
    const model = await resolveModel('google:gemini-x', {
      config,
      env: { GOOGLE_GENERATIVE_AI_API_KEY: 'google-key-1' },
    });
    const response = await model.generate({ messages, ...settings, seed: 4 });
    expect(response).toMatchObject({
      text: 'A dot.',
      reasoning: 'mm',
      finishReason: 'stop',
      usage: { inputTokens: 20, reasoningTokens: 6 },
    });
    expect(server.seen[0]?.url).toBe('/v1beta/models/gemini-x:generateContent');
    expect(server.seen[0]?.headers['x-goog-api-key']).toBe('google-key-1');
    expect(server.seen[0]?.body).toMatchObject({
      generationConfig: { maxOutputTokens: 9, temperature: 0, stopSequences: ['END'], seed: 4 },
    });
    expect(JSON.stringify(server.seen[0]?.body)).toContain('"AQID"');
  });
});

describe('other language models', () => {
  const made = (specificationVersion: string, result: unknown) => {
    const seen: unknown[] = [];
    return {
      seen,
      model: fromLanguageModel({
        specificationVersion,
        provider: 'own.chat',
        modelId: 'm',
        doGenerate: async (options: unknown) => {
          seen.push(options);
          return result;
        },
      }),
    };
  };

  it('of version 2 count flat and name the end in one word', async () => {
    const { model, seen } = made('v2', {
      content: [{ type: 'text', text: 'hi' }],
      finishReason: 'content-filter',
      usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5, cachedInputTokens: 1 },
      warnings: [],
    });
    expect(await model.generate({ messages, extra: { effort: 'low' } })).toEqual({
      text: 'hi',
      finishReason: 'content-filter',
      usage: { inputTokens: 3, outputTokens: 2, cachedInputTokens: 1 },
    });
    expect(seen[0]).toMatchObject({
      prompt: [
        { role: 'system', content: 'Be short.' },
        {
          role: 'user',
          content: [{ type: 'text' }, { type: 'file', data: expect.any(Uint8Array), mediaType: 'image/png' }],
        },
      ],
      providerOptions: { own: { effort: 'low' } },
    });
    expect(model.loglikelihood).toBeUndefined();
  });

  it('of version 4 get tagged data', async () => {
    const { model, seen } = made('v4', {
      content: [],
      finishReason: { unified: 'tool-calls' },
      usage: { inputTokens: { total: 3 }, outputTokens: {} },
    });
    expect(await model.generate({ messages })).toMatchObject({
      text: '',
      finishReason: 'other',
      usage: { inputTokens: 3, outputTokens: undefined },
    });
    expect(seen[0]).toMatchObject({
      prompt: [{}, { content: [{}, { data: { type: 'data', data: expect.any(Uint8Array) } }] }],
    });
  });

  it('refuse raw text, and results of no known shape', async () => {
    const { model } = made('v1', { text: 'old' });
    await expect(model.generate({ messages, raw: true })).rejects.toMatchObject({ kind: 'refused' });
    await expect(model.generate({ messages })).rejects.toMatchObject({ kind: 'invalid-response', retryable: false });
  });
});
