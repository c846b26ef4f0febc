import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { parseChat, settingsOf } from './chat-schema.ts';

const refusal = (body: unknown): ApiError['body']['error'] | undefined => {
  try {
    parseChat(body);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.body.error;
    throw error;
  }
};

test('whatever JSON comes is read or refused in words, and nothing of it is run', () => {
  const part = fc.oneof(
    fc.record({ type: fc.constantFrom('text', 'image_url', 'file', 7), text: fc.jsonValue() }),
    fc.jsonValue(),
  );
  const message = fc.record(
    {
      role: fc.oneof(fc.constantFrom('user', 'assistant', 'system', 'tool'), fc.jsonValue()),
      content: fc.oneof(fc.string(), fc.array(part), fc.jsonValue()),
    },
    { requiredKeys: [] },
  );
  const body = fc.record(
    {
      model: fc.oneof(fc.string(), fc.jsonValue()),
      messages: fc.oneof(fc.array(message), fc.jsonValue()),
      stop: fc.jsonValue(),
      n: fc.jsonValue(),
      seed: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
      tools: fc.jsonValue(),
      stream_options: fc.jsonValue(),
      constructor: fc.jsonValue(),
      ['__proto__']: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(body, fc.jsonValue()), (value) => {
      const refused = refusal(value);
      if (refused !== undefined) expect(refused.message).toMatch(/\.$/);
    }),
    { numRuns: 2000 },
  );
});

test('the field at fault is named as OpenAI names it', () => {
  const messages = [{ role: 'user', content: 'x' }];
  expect(refusal({ model: 'm', messages: [...messages, { role: 'user', content: [{ type: 'text' }] }] })).toMatchObject(
    {
      param: 'messages[1].content[0].text',
    },
  );
  expect(refusal({ model: 'm', messages, stream_options: { include_usage: 1 } })).toMatchObject({
    param: 'stream_options.include_usage',
  });
  expect(refusal({ model: 'm', messages, constructor: 1 })).toMatchObject({ param: 'constructor' });
});

test('settings keep their values; what is null is not set', () => {
  const messages = [{ role: 'user', content: 'x' }];
  const fields = parseChat({
    model: 'm',
    messages,
    temperature: 0,
    stop: 'END',
    max_tokens: null,
    top_p: null,
    seed: null,
  });
  expect(settingsOf(fields)).toEqual({ temperature: 0, stop: ['END'] });
});
