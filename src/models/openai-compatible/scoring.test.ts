import { describe, expect, it } from 'vitest';
import { loopback, sendJson } from '../testing/loopback.ts';
import { createOpenAICompatible } from './model.ts';

/** Answers /completions with echo as vLLM does, a token a character; the n-th character has log-probability −n. */
function echo(prompts: string[], withOffsets: boolean): object {
  return {
    choices: prompts.map((prompt, index) => {
      const tokens = [...prompt, '!'];
      return {
        index,
        text: `${prompt}!`,
        logprobs: {
          tokens,
          token_logprobs: tokens.map((_, i) => (i === 0 ? null : -i)),
          top_logprobs: tokens.map((token, i) => (i === 0 ? null : { [token]: -i, z: i === 4 ? -0.5 : -100 })),
          ...(withOffsets && { text_offset: tokens.map((_, i) => i) }),
        },
      };
    }),
    usage: { prompt_tokens: 9, completion_tokens: 2 },
  };
}

describe('log-likelihood of given continuations', () => {
  for (const withOffsets of [true, false]) {
    it(`sums over the tokens of raw continuations (${withOffsets ? 'with' : 'without'} offsets)`, async () => {
      await using server = await loopback((request, response) =>
        sendJson(response, echo(request.body.prompt as string[], withOffsets)),
      );
      const model = createOpenAICompatible({ id: 't', baseUrl: `${server.origin}/v1`, model: 'm' });
      const request = { messages: [{ role: 'user', content: 'abc' }] as const, continuations: ['d', 'de'], raw: true };
      expect(await model.loglikelihood?.(request)).toEqual({
        continuations: [
          { logprob: -3, tokens: 1, greedy: true },
          { logprob: -7, tokens: 2, greedy: false },
        ],
        usage: { inputTokens: 9, outputTokens: 2 },
      });
      expect(server.seen).toHaveLength(1);
      await model.close?.();
    });
  }

  it('notices a server that ignores echo, and one that refuses it', async () => {
    await using server = await loopback((_, response) => sendJson(response, { choices: [{ text: '!' }] }));
    const model = createOpenAICompatible({ id: 't', baseUrl: `${server.origin}/v1`, model: 'm' });
    const messages = [{ role: 'user', content: 'abc' }] as const;
    await expect(model.loglikelihood?.({ messages, continuations: ['d'], raw: true })).rejects.toMatchObject({
      code: 'model-no-loglikelihood',
      kind: 'refused',
    });
    await expect(model.loglikelihood?.({ messages, continuations: ['d'] })).rejects.toMatchObject({
      code: 'model-no-loglikelihood',
    });
    await model.close?.();
    expect(
      createOpenAICompatible({ id: 't', baseUrl: 'http://x/v1', model: 'm', loglikelihood: false }).loglikelihood,
    ).toBeUndefined();
  });

  it('scores the assistant’s turn of a chat by prompt_logprobs', async () => {
    const token = (id: number, logprob: number, rank: number) => ({ [id]: { logprob, rank, decoded_token: 'x' } });
    const prefix = [null, token(5, -1, 1), token(6, -1, 1)];
    await using server = await loopback((request, response) => {
      const last = (request.body.messages as { role: string; content: string }[]).at(-1);
      const rest =
        last?.role !== 'assistant'
          ? []
          : last.content === 'yes'
            ? [token(7, -0.25, 1)]
            : [token(8, -2, 3), token(9, -1, 1)];
      sendJson(response, {
        choices: [],
        prompt_logprobs: [...prefix, ...rest],
        usage: { prompt_tokens: 4, completion_tokens: 1 },
      });
    });
    const model = createOpenAICompatible({ id: 't', baseUrl: `${server.origin}/v1`, model: 'm' });
    const request = { messages: [{ role: 'user', content: 'ok?' }] as const, continuations: ['yes', 'never'] };
    expect(await model.loglikelihood?.(request)).toEqual({
      continuations: [
        { logprob: -0.25, tokens: 1, greedy: true },
        { logprob: -3, tokens: 2, greedy: false },
      ],
      usage: { inputTokens: 12, outputTokens: 3 },
    });
    expect(server.seen[1]?.body).toMatchObject({
      add_generation_prompt: false,
      continue_final_message: true,
      prompt_logprobs: 0,
    });
    await model.close?.();
  });
});

describe('embeddings', () => {
  it('keeps the order of the request over batches and takes the encoder where no model is named', async () => {
    await using server = await loopback((request, response) => {
      const data = (request.body.input as string[]).map((text, index) => ({ index, embedding: [Number(text), 1] }));
      sendJson(response, { data: data.reverse(), usage: { prompt_tokens: data.length } });
    });
    const model = createOpenAICompatible({ id: 't', baseUrl: `${server.origin}/v1`, model: '' });
    const texts = Array.from({ length: 300 }, (_, i) => String(i));
    const answer = await model.embed?.({ texts, encoder: 'mini' });
    expect(answer?.vectors).toEqual(texts.map((text) => [Number(text), 1]));
    expect(answer?.usage.inputTokens).toBe(300);
    expect(server.seen.map((request) => request.body.model)).toEqual(['mini', 'mini']);
    await model.close?.();
  });

  it('refuses missing, ragged and foreign vectors', async () => {
    const answers = [
      { data: [{ index: 0, embedding: [1] }] },
      { data: [{ embedding: [1] }, { embedding: [1, 2] }] },
      { data: [{ index: 7, embedding: [1] }] },
      { data: [{ embedding: ['1'] }, { embedding: [1] }] },
      {},
    ];
    await using server = await loopback((_, response, nth) => sendJson(response, answers[nth - 1]));
    const model = createOpenAICompatible({ id: 't', baseUrl: `${server.origin}/v1`, model: 'm' });
    for (const part of ['no embedding for text 1 of 2', 'different lengths', 'text 7', 'numbers', '"data"']) {
      await expect(model.embed?.({ texts: ['a', 'b'] })).rejects.toThrow(part);
    }
    await model.close?.();
  });
});
