import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { GenerateRequest, MethodContext, Model, Sample } from '../../core/index.ts';
import { createMethod } from '../create-method.ts';

/** Says of each prefix how likely it is right, by the number of its steps. */
function judge(probabilities: readonly number[]): { model: Model; asked: string[] } {
  const asked: string[] = [];
  const model: Model = {
    id: 'judge',
    identity: 'judge',
    endpoint: 'judge',
    async generate({ messages }: GenerateRequest) {
      const prompt = String(messages.at(-1)?.content);
      asked.push(prompt);
      const count = ['alpha', 'beta', 'gamma'].filter((word) => prompt.includes(word)).length;
      const right = probabilities[count - 1] ?? 0;
      const top = [
        { token: 'correct', logprob: Math.log(right) },
        { token: 'wrong', logprob: Math.log(1 - right) },
      ];
      return {
        text: 'correct',
        finishReason: 'stop',
        usage: {},
        logprobs: [{ token: 'correct', logprob: Math.log(right), top }],
      };
    },
  };
  return { model, asked };
}

const sample: Sample = {
  id: 's',
  input: [{ role: 'user', content: 'Which step is wrong?' }],
  target: 2,
  metadata: { question: 'How many?', steps: ['alpha', 'beta', 'gamma'] },
};

function contextOf(main: Model): MethodContext {
  return {
    models: { main },
    random: undefined as never,
    settings: {},
    extract: (text) => text,
    trace: () => undefined,
    signal: new AbortController().signal,
  };
}

describe('locate-error', () => {
  it.each([
    ['theta=0.5', [0.9, 0.4, 0.1], 'First wrong step: 2'],
    ['theta=0.3', [0.9, 0.4, 0.1], 'First wrong step: 3'],
    ['theta=0.05', [0.9, 0.4, 0.1], 'First wrong step: none'],
    ['theta=0.5', [0.5, 0.5, 0.5], 'First wrong step: none'],
  ])('%s over %j says %s', async (options, probabilities, text) => {
    const { model, asked } = judge(probabilities);
    const answer = await createMethod(`locate-error:verify=prompted,${options}`).solve(sample, contextOf(model));
    expect(answer.text).toBe(text);
    const scores = z.object({ scores: z.array(z.number()) }).parse(answer.metadata).scores;
    expect(scores.map((score) => Number(score.toFixed(6)))).toEqual(probabilities);
    expect(asked.every((prompt) => prompt.includes('How many?') && !prompt.includes('Which step'))).toBe(true);
  });

  it('says what it needs of a sample', async () => {
    const { metadata: _, ...bare } = sample;
    const solving = createMethod('locate-error').solve(bare, contextOf(judge([]).model));
    await expect(solving).rejects.toMatchObject({ code: 'no-steps' });
  });
});
