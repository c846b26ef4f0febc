import { describe, expect, test } from 'vitest';
import { installedModel } from '../../src/models/index.ts';
import { ask, serve } from './support.ts';

const installed = installedModel('smollm2-135m') !== undefined;

describe.skipIf(!installed)(
  'a model in this process (needs: fettle models pull smollm2-135m)',
  { timeout: 180_000 },
  () => {
    test('is served through a method, streamed and not, to several at once', async () => {
      const model = 'local:smollm2-135m?contexts=2&threads=1&contextSize=1024';
      const { client, serving } = await serve(model, {
        config: { method: 'self-consistency:n=2' },
        server: { timeoutMs: 170_000 },
      });
      expect(serving.concurrency).toBe(4);
      const request = { ...ask('Say the name of a colour.'), max_tokens: 12, seed: 1 };
      const [whole, pieces] = await Promise.all([
        client.chat.completions.create(request),
        client.chat.completions
          .create({ ...request, seed: 2, stream: true, stream_options: { include_usage: true } })
          .then((stream) => Array.fromAsync(stream)),
      ]);
      expect(whole.choices[0]?.message.content).toMatch(/\w/);
      expect(whole.usage).toMatchObject({ fettle: { calls: 2, roles: { main: { calls: 2 } } } });
      expect(whole.usage?.completion_tokens).toBeLessThanOrEqual(24);
      expect(pieces.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toMatch(/\w/);
      expect(pieces.at(-1)?.usage?.prompt_tokens).toBeGreaterThan(20);
      const again = await client.chat.completions.create(request);
      expect(again.choices).toEqual(whole.choices);
    });
  },
);
