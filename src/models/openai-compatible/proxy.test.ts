import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { chatAnswer, loopback, sendJson } from '../testing/loopback.ts';
import { createOpenAICompatible } from './model.ts';

it('goes through the proxy that the environment names, but not to this machine', async () => {
  await using server = await loopback((_, response) => sendJson(response, chatAnswer('direct')));
  const proxy = createServer().on('connect', (request, socket) => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.once('data', () => {
      const body = JSON.stringify(chatAnswer(`to ${request.url}`));
      socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const env = { HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  for (const [baseUrl, text] of [
    [`${server.origin}/v1`, 'direct'],
    ['http://model.example/v1', 'to model.example:80'],
  ] as const) {
    const model = createOpenAICompatible({ id: 't', baseUrl, model: 'm', env });
    expect((await model.generate({ messages: [{ role: 'user', content: 'hello' }] })).text).toBe(text);
    await model.close?.();
  }
  proxy.closeAllConnections();
  proxy.close();
});
