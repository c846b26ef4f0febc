// A loopback endpoint with the bench's script, in a process of its own. Prints its port; ends with its standard input.
import { createServer } from 'node:http';
import { answer, usageOf } from './script.mjs';

const latencyMs = Number(process.argv[2] ?? 100);

const server = createServer((request, response) => {
  const begin = performance.now();
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const text = JSON.stringify({
      id: 'chat-1',
      object: 'chat.completion',
      model: body.model,
      choices: [answer(body)],
      usage: usageOf(body),
    });
    setTimeout(
      () => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
        response.end(text);
      },
      Math.max(0, latencyMs - (performance.now() - begin)),
    );
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', 4096, () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
