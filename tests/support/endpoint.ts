import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** One request for an answer, by what makes it the same request for a user who pays: its text and its seed. */
export interface ChatRequest {
  readonly prompt: string;
  readonly seed: number | undefined;
  readonly key: string;
}

export interface Endpoint {
  /** For --model. */
  readonly model: string;
  /** Requests in the order of arrival. */
  readonly seen: ChatRequest[];
}

export interface EndpointOptions {
  /** Text of the answer; the default is a digit that the request's hash decides. */
  readonly reply?: (request: ChatRequest, nth: number) => string;
  /** Writes the answer itself and gives true, or leaves it to `reply`. */
  readonly handle?: (request: ChatRequest, response: ServerResponse, authorization: string) => boolean;
  readonly onRequest?: (count: number) => void;
  readonly latencyMs?: (key: string) => number;
}

export function requestKey(prompt: string, seed: number | undefined): string {
  return `${prompt}\n${seed ?? ''}`;
}

/** A small whole number that a text decides. */
export function digitOf(text: string, below: number): number {
  return createHash('sha256').update(text).digest().readUInt32BE() % below;
}

interface ChatBody {
  readonly messages: readonly { readonly content: string | readonly { readonly text?: string }[] }[];
  readonly seed?: number;
}

/** The text of messages as they are sent or stored. */
export function promptOf(messages: ChatBody['messages']): string {
  return messages
    .map(({ content }) => (typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('')))
    .join('\n');
}

/** An OpenAI-compatible endpoint in the test's process that answers the same to the same request. */
export async function startEndpoint(options: EndpointOptions = {}): Promise<Endpoint> {
  const seen: ChatRequest[] = [];
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ChatBody;
      const prompt = promptOf(body.messages);
      const request: ChatRequest = { prompt, seed: body.seed, key: requestKey(prompt, body.seed) };
      seen.push(request);
      const nth = seen.length;
      options.onRequest?.(nth);
      if (options.handle?.(request, response, message.headers.authorization ?? '') === true) return;
      const content = options.reply?.(request, nth) ?? String(digitOf(request.key, 3));
      const text = JSON.stringify({
        id: 'chat-1',
        object: 'chat.completion',
        model: 'hash',
        choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
      });
      setTimeout(
        () => {
          if (response.destroyed) return;
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(text);
        },
        options.latencyMs?.(request.key) ?? 0,
      );
    });
    // A killed client cuts its connections.
    message.on('error', () => undefined);
    response.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return { model: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1#hash`, seen };
}
