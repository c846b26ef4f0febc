import { describe, expect, it } from 'vitest';
import {
  createRandom,
  FettleError,
  type GenerateRequest,
  type LoglikelihoodRequest,
  type MethodContext,
  type Model,
  type Sample,
  type TraceStep,
} from '../core/index.ts';
import { createMethod, methods } from './index.ts';

const sample: Sample = { id: 's', input: [{ role: 'user', content: 'Which?' }], target: 'B', choices: ['A', 'B', 'C'] };

function world(replies: readonly string[], logprobs?: readonly number[]) {
  const asked: GenerateRequest[] = [];
  const steps: TraceStep[] = [];
  const main: Model = {
    id: 'm',
    identity: 'm',
    endpoint: 'm',
    async generate(request) {
      asked.push(request);
      return { text: replies[(asked.length - 1) % replies.length] ?? '', finishReason: 'stop', usage: {} };
    },
    ...(logprobs === undefined
      ? {}
      : {
          loglikelihood: async ({ continuations }: LoglikelihoodRequest) => ({
            continuations: continuations.map((_, i) => ({ logprob: logprobs[i] ?? -99, tokens: i + 1 })),
            usage: {},
          }),
        }),
  };
  const context: MethodContext = {
    models: { main },
    random: createRandom('x'),
    settings: { temperature: 0, seed: 3 },
    extract: (text) => /[A-D]/.exec(text)?.[0] ?? null,
    trace: (step) => void steps.push(step),
    signal: new AbortController().signal,
  };
  return { asked, steps, context };
}

describe('direct', () => {
  it('asks once with the settings it is given', async () => {
    const { asked, context } = world(['B']);
    expect((await createMethod('direct').solve(sample, context)).text).toBe('B');
    expect(asked).toEqual([{ temperature: 0, seed: 3, messages: sample.input }]);
  });
});

describe('self-consistency', () => {
  it('takes the most frequent answer and says how the votes fell', async () => {
    const { asked, steps, context } = world(['A', 'the B', 'B!', 'none', 'A or', 'B']);
    const answer = await createMethod('self-consistency:n=6,temperature=0.5').solve(sample, context);
    expect(answer.text).toBe('the B');
    expect(answer.metadata).toEqual({ votes: { A: 2, B: 3 }, agreement: 0.5 });
    expect(asked.every((request) => request.temperature === 0.5)).toBe(true);
    expect(new Set(asked.map((request) => request.seed)).size).toBe(6);
    expect(steps.map((step) => step.type)).toEqual([...Array<string>(6).fill('path'), 'vote']);
  });

  it('gives a tie to the answer that came first, and the first reply where none holds an answer', async () => {
    const tie = world(['B', 'A', 'A', 'B']);
    expect((await createMethod('self-consistency:n=4').solve(sample, tie.context)).text).toBe('B');
    const nothing = world(['dunno', 'pass']);
    expect((await createMethod('self-consistency:n=2').solve(sample, nothing.context)).text).toBe('dunno');
  });

  it('draws other seeds in the next epoch', async () => {
    const { asked, context } = world(['A']);
    const method = createMethod('self-consistency:n=50');
    await method.solve(sample, context);
    await method.solve(sample, { ...context, settings: { seed: 4 } });
    expect(new Set(asked.map((request) => request.seed)).size).toBe(100);
  });
});

describe('loglikelihood', () => {
  it('takes the likeliest option, by sum or by token', async () => {
    const { context } = world([], [-3, -2.5, -2.7]);
    expect((await createMethod('loglikelihood').solve(sample, context)).text).toBe('B');
    // -3/1, -2.5/2, -2.7/3
    expect((await createMethod('loglikelihood:normalise=tokens').solve(sample, context)).text).toBe('C');
  });

  it('generates where a sample has no options, or refuses', async () => {
    const { choices: _choices, ...open } = sample;
    const { context } = world(['text'], [-1]);
    expect((await createMethod('loglikelihood').solve(open, context)).text).toBe('text');
    await expect(createMethod('loglikelihood:others=refuse').solve(open, context)).rejects.toMatchObject({
      code: 'no-choices',
    });
  });

  it('says so when the model cannot score texts', async () => {
    await expect(createMethod('loglikelihood').solve(sample, world(['B']).context)).rejects.toMatchObject({
      code: 'no-loglikelihood',
    });
  });
});

describe('createMethod', () => {
  it.each([
    ['nothing', 'There is no method "nothing"'],
    ['self-consistency:m=3', 'has no option "m"'],
    ['self-consistency:n', 'is no option'],
    ['self-consistency:n=0', 'The option "n"'],
    ['self-consistency:n=two', 'The option "n"'],
  ])('refuses %s with words that help', (spec, message) => {
    let error: unknown;
    try {
      createMethod(spec);
    } catch (caught) {
      error = caught;
    }
    expect(FettleError.isInstance(error) && error.exitCode).toBe(2);
    expect(String(error)).toContain(message);
  });

  it('knows every method by its own name, once', () => {
    expect(new Set(methods.map(({ name }) => name)).size).toBe(methods.length);
    for (const { name } of methods) expect(createMethod(name).name).toBe(name);
  });
});
