// A loopback endpoint that answers every chat completion after 100 ms. Prints its port.
import http from 'node:http';

const latencyMs = 100;
const body = JSON.stringify({
  id: 'x',
  object: 'chat.completion',
  model: 'loopback',
  choices: [{ index: 0, message: { role: 'assistant', content: '42' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 100, completion_tokens: 1, total_tokens: 101 },
});
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };

const server = http.createServer((request, response) => {
  request.resume();
  request.on('end', () =>
    setTimeout(() => {
      response.writeHead(200, headers);
      response.end(body);
    }, latencyMs),
  );
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', 4096, () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on('end', () => process.exit());
process.stdin.resume();
