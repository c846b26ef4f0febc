import { describe, expect, it } from 'vitest';
import type { Model } from '../../core/index.ts';
import { loopback } from '../testing/loopback.ts';
import { createOpenAICompatible, type OpenAICompatibleOptions } from './model.ts';

const hello = { messages: [{ role: 'user', content: 'hello' }] as const };
function model(origin: string, options: Partial<OpenAICompatibleOptions> = {}): Model & AsyncDisposable {
  const made = createOpenAICompatible({ id: 'test', baseUrl: `${origin}/v1`, model: 'm', ...options });
  return Object.assign(made, { [Symbol.asyncDispose]: async () => made.close?.() });
}

describe('the network', () => {
  it('tells refused, cut, stalled and silent connections apart', async () => {
    await using server = await loopback((_, response, nth) => {
      if (nth === 1) response.destroy();
      if (nth === 2) {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"choi');
        setTimeout(() => response.destroy(), 20);
      }
      if (nth === 3) {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"choi');
      }
      // From the fourth on: silence.
    });
    await using subject = model(server.origin, { timeoutSeconds: 0.3, stallSeconds: 0.3 });
    await expect(subject.generate(hello)).rejects.toMatchObject({
      kind: 'connection',
      message: expect.stringContaining('cut'),
    });
    await expect(subject.generate(hello)).rejects.toMatchObject({
      kind: 'connection',
      message: expect.stringContaining('cut'),
    });
    await expect(subject.generate(hello)).rejects.toMatchObject({
      kind: 'timeout',
      message: expect.stringContaining('stood still'),
    });
    await expect(subject.generate(hello)).rejects.toMatchObject({
      kind: 'timeout',
      hint: expect.stringContaining('timeoutSeconds'),
    });
    await using nobody = model('http://127.0.0.1:1');
    await expect(nobody.generate(hello)).rejects.toMatchObject({
      kind: 'connection',
      message: expect.stringContaining('Nothing listens'),
    });
  });

  it('ends a call at once when its signal aborts, and frees the connection', async () => {
    let closed = 0;
    await using server = await loopback((_, response) => response.on('close', () => (closed += 1)));
    await using subject = model(server.origin);
    const abort = new AbortController();
    const calls = Array.from({ length: 20 }, () => subject.generate(hello, { signal: abort.signal }));
    while (server.seen.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort(new Error('enough'));
    for (const call of await Promise.allSettled(calls))
      expect(call).toMatchObject({ status: 'rejected', reason: { message: 'enough' } });
    while (closed < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(subject.generate(hello, { signal: abort.signal })).rejects.toThrow('enough');
    expect(server.seen).toHaveLength(20);
  });
});
