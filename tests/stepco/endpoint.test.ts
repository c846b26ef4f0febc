// Both models behind HTTP, from the command line: a solver that answers chats, and a reward model whose /completions
// echoes the prompt with log-probabilities, as vLLM does.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fettle, fettleJson, temporaryFolder } from '../support/cli.ts';

interface Body {
  readonly model: string;
  readonly messages?: readonly { readonly content: string }[];
  readonly prompt?: readonly string[];
  readonly logprobs?: boolean | number;
}

interface Seen {
  readonly chats: Body[];
  readonly scored: string[];
}

const wrong = '<Step 1> 3 * 4 = 12 </Step 1>\n<Step 2> 12 - 5 = 8 </Step 2>\n<ans>8</ans>';
const mended = '<Step 2> 12 - 5 = 7 </Step 2>\n<ans>7</ans>';

function chat({ messages = [], model, logprobs }: Body): object {
  const prompt = messages.map(({ content }) => content).join('\n');
  const verdict = prompt.includes('= 8') ? 'wrong' : 'correct';
  const asked = /Reply with one word/.test(prompt);
  const content = asked ? verdict : prompt.includes('write the solution again') ? mended : wrong;
  const top = [verdict === 'wrong' ? { token: 'wrong', logprob: -0.1 } : { token: 'correct', logprob: -0.1 }];
  return {
    id: '1',
    object: 'chat.completion',
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content },
        finish_reason: 'stop',
        ...(logprobs === true && asked && model !== 'mute'
          ? { logprobs: { content: [{ token: verdict, logprob: -0.1, top_logprobs: top }] } }
          : {}),
      },
    ],
    usage: { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 },
  };
}

/** The verdict is a token of its own; a step that ends in 8 is low. */
function completion({ prompt = [] }: Body): object {
  return {
    id: '2',
    object: 'text_completion',
    choices: prompt.map((text, index) => {
      const context = text.slice(0, -2);
      const right = !context.includes('= 8');
      const likely = text.endsWith('+') === right;
      return {
        index,
        text: `${text}x`,
        finish_reason: 'length',
        logprobs: {
          tokens: [context, text.slice(-2), 'x'],
          token_logprobs: [null, Math.log(likely ? 0.9 : 0.1), -1],
          text_offset: [0, context.length, text.length],
        },
      };
    }),
    usage: { prompt_tokens: 30, completion_tokens: 1, total_tokens: 31 },
  };
}

async function startServer(): Promise<{ base: string; seen: Seen }> {
  const seen: Seen = { chats: [], scored: [] };
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body;
      const echoes = message.url?.endsWith('/completions') === true && body.prompt !== undefined;
      if (echoes && body.model === 'mute') {
        response.writeHead(404, { 'content-type': 'application/json' });
        response.end('{"error":{"message":"no such route"}}');
        return;
      }
      if (echoes) seen.scored.push(...(body.prompt ?? []));
      else seen.chats.push(body);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(echoes ? completion(body) : chat(body)));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, seen };
}

interface Shown {
  readonly answer: { readonly text: string; readonly metadata: Record<string, unknown> } | null;
  readonly scores: Record<string, { readonly value: number }>;
  readonly usage: { readonly calls: number; readonly roles?: Record<string, { readonly calls: number }> };
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
}

async function solve(base: string, verifier: string, method: string): Promise<{ shown: Shown; text: string }> {
  const folder = temporaryFolder();
  const file = join(folder, 'questions.jsonl');
  writeFileSync(file, '{"id":"a","input":"3 boxes of 4 pens, less 5?","target":"7"}\n');
  const home = ['--home', join(folder, 'home')];
  const models = ['--model', `${base}#solver`, ...(verifier === '' ? [] : ['--verifier', `${base}#${verifier}`])];
  await fettle(['run', file, ...models, '--method', method, '--scorer', 'numeric', ...home]);
  const { json } = await fettleJson<Shown>(['show', 'last', 'a', ...home]);
  return { shown: json, text: (await fettle(['show', 'last', 'a', ...home])).stdout };
}

test('a reward model over HTTP finds the wrong step, and its calls are counted apart', async () => {
  const { base, seen } = await startServer();
  const { shown, text } = await solve(base, 'prm', 'stepco:verify=prm');
  expect(shown.answer?.metadata).toMatchObject({ accepted: true, rounds: 1, answer: '7', verifier: 'prm' });
  expect(shown.scores['numeric']?.value).toBe(1);
  expect(shown.usage.roles).toMatchObject({ main: { calls: 2 }, verifier: { calls: 3 } });
  expect(seen.chats).toHaveLength(2);
  // Two continuations for each of three prefixes: the kept step is not scored again.
  expect(seen.scored).toHaveLength(6);
  expect(seen.scored).toContain('3 boxes of 4 pens, less 5? Step 1: 3 * 4 = 12 ки +');
  expect(text).toContain('round 0: step 2 is low (0.100 < 0.5), path 0.100');
  expect(text).toMatch(/1 {2}0\.900 {2}kept {2}3 \* 4 = 12/);
}, 30_000);

test('the model itself verifies in words; its verdicts are counted as those of a verifier', async () => {
  const { base, seen } = await startServer();
  const { shown } = await solve(base, '', 'stepco');
  expect(shown.answer?.metadata).toMatchObject({ accepted: true, rounds: 1, answer: '7', verifier: 'prompted' });
  expect(shown.usage.roles).toMatchObject({ main: { calls: 2 }, verifier: { calls: 3 } });
  expect(seen.scored).toHaveLength(0);
}, 30_000);

test('an endpoint without log-probabilities of any kind is told what it lacks', async () => {
  const { base } = await startServer();
  const { shown } = await solve(base, 'mute', 'stepco');
  expect(shown.error).toMatchObject({ code: 'no-logprobs' });
  expect(shown.error?.message).toContain('reports no log-probabilities of its replies and cannot score given texts');
  expect(shown.error?.hint).toContain('verify=rollouts');
}, 30_000);
