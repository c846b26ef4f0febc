import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Twelve questions, "Item 1. Which number?" to 12; the number is the answer. */
export const items = Array.from({ length: 12 }, (_, i) => i + 1);

/** Tokens of each kind of call: prompt and completion. */
export const tokens = { ask: [10, 3], review: [20, 3], revise: [30, 3], verify: [7, 1] } as const;
export type CallKind = keyof typeof tokens;

/** Asked once, without a temperature, the model misses multiples of 3. */
export const rightAtOnce = (item: number): boolean => item % 3 !== 0;
/** Drawn, the first `item % 5` paths are wrong, all with the same wrong number. */
export const rightOnPath = (item: number, path: number): boolean => path >= item % 5;
/** Told to mend its answer, the model is wrong on multiples of 4 and right on all others. */
export const rightRevised = (item: number): boolean => item % 4 !== 0;

export interface SeenCall {
  readonly kind: CallKind;
  /** Model, messages, temperature and seed: what makes it the same request for who pays. */
  readonly key: string;
}

export interface ScriptedEndpoint {
  readonly seen: SeenCall[];
  /** A folder with rows.jsonl and fettle.config.json: the models are toy:solver and toy:judge. */
  readonly folder: string;
}

interface Body {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly temperature?: number;
  readonly seed?: number;
}

function answerOf(body: Body): { kind: CallKind; text: string; logprobs?: object } {
  const question = body.messages[0]?.content ?? '';
  const item = Number(/Item (\d+)\./.exec(question)?.[1]);
  const reply = (right: boolean): string => `The answer is ${right ? item : item + 100}`;
  if (body.model === 'judge') {
    const good = !question.includes(String(item + 100));
    const word = good ? 'correct' : 'wrong';
    const top = [
      { token: word, logprob: Math.log(0.9) },
      { token: good ? 'wrong' : 'correct', logprob: Math.log(0.1) },
    ];
    return { kind: 'verify', text: word, logprobs: { content: [{ ...top[0], bytes: null, top_logprobs: top }] } };
  }
  if (body.messages.length === 3) return { kind: 'review', text: 'One number may be misread.' };
  if (body.messages.length === 5) return { kind: 'revise', text: reply(rightRevised(item)) };
  const right = body.temperature === 0.7 ? rightOnPath(item, body.seed ?? 0) : rightAtOnce(item);
  return { kind: 'ask', text: reply(right) };
}

/** An endpoint whose accuracy is known for every method, in the test's process. */
export async function scriptedEndpoint(
  folder: string,
  options: { readonly latencyMs?: number; readonly onCall?: (count: number) => void } = {},
): Promise<ScriptedEndpoint> {
  const seen: SeenCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body;
      const { kind, text, logprobs } = answerOf(body);
      const { model, messages, temperature, seed } = body;
      seen.push({ kind, key: JSON.stringify([model, messages, temperature, seed]) });
      options.onCall?.(seen.length);
      const [prompt_tokens, completion_tokens] = tokens[kind];
      const reply = {
        id: 'chat-1',
        object: 'chat.completion',
        model,
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: text },
            finish_reason: 'stop',
            ...(logprobs && { logprobs }),
          },
        ],
        usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
      };
      setTimeout(() => {
        if (response.destroyed) return;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(reply));
      }, options.latencyMs ?? 0);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const price = (inputPerMillion: number, outputPerMillion: number) => ({ inputPerMillion, outputPerMillion });
  writeFileSync(
    join(folder, 'fettle.config.json'),
    JSON.stringify({
      endpoints: {
        toy: {
          baseUrl: `http://127.0.0.1:${port}/v1`,
          prices: { solver: price(1000, 10_000), judge: price(100, 100) },
        },
      },
    }),
  );
  const rows = items.map(
    (item) => `${JSON.stringify({ input: `Item ${item}. Which number?`, target: String(item) })}\n`,
  );
  writeFileSync(join(folder, 'rows.jsonl'), rows.join(''));
  return { seen, folder };
}
