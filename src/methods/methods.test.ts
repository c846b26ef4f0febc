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

describe('self-consistency with a stop rule', () => {
  it('asks for a bare majority at once and stops when it agrees', async () => {
    const { asked, steps, context } = world(['B']);
    const answer = await createMethod('self-consistency:n=9,stop=certain').solve(sample, context);
    expect(asked.length).toBe(5);
    expect(steps.map((step) => step.type)).toEqual([...Array<string>(5).fill('path'), 'vote']);
    expect(answer.metadata).toEqual({ votes: { B: 5 }, agreement: 1, paths: 5 });
  });

  it('goes on while the leader could be overtaken, and answers as without the rule', async () => {
    const replies = ['A', 'B', 'B', 'A', 'none', 'B', 'A', 'A', 'A'];
    const early = world(replies);
    const whole = world(replies);
    const spec = 'self-consistency:n=9';
    const [one, other] = [
      await createMethod(`${spec},stop=certain`).solve(sample, early.context),
      await createMethod(spec).solve(sample, whole.context),
    ];
    expect(one.text).toBe(other.text);
    expect(early.asked.length).toBe(8);
  });

  it('draws its first path as a method does that asks once', async () => {
    const { asked, context } = world(['A']);
    await createMethod('self-consistency:n=2,temperature=0').solve(sample, context);
    expect(asked[0]).toEqual({ temperature: 0, seed: 3, messages: sample.input });
  });
});

describe('chain-of-thought', () => {
  it('puts its cue behind the question, images kept, or into the system message', async () => {
    const image = { type: 'image' as const, image: { label: 'x', load: () => Promise.reject(new Error('not read')) } };
    const pictured: Sample = {
      ...sample,
      input: [{ role: 'user', content: [image, { type: 'text', text: 'Which?' }] }],
    };
    const behind = world(['B']);
    expect((await createMethod('chain-of-thought').solve(pictured, behind.context)).text).toBe('B');
    expect(behind.asked[0]?.messages).toEqual([
      {
        role: 'user',
        content: [
          image,
          { type: 'text', text: 'Which?' },
          { type: 'text', text: expect.stringMatching(/^\n\nReason/) },
        ],
      },
    ]);
    const above = world(['B']);
    await createMethod('chain-of-thought:place=system,wording=plan').solve(sample, above.context);
    expect(above.asked[0]?.messages).toEqual([
      { role: 'system', content: expect.stringContaining('how you will go about it') },
      ...sample.input,
    ]);
  });
});

describe('self-correct', () => {
  it('reviews and revises until the answer comes again, and shows every round', async () => {
    const { asked, steps, context } = world(['A', 'a slip in line two', 'B', 'nothing is wrong', 'B again', 'never']);
    const answer = await createMethod('self-correct:rounds=5').solve(sample, context);
    expect(answer).toEqual({ text: 'B again', metadata: { rounds: 2 } });
    expect(asked.length).toBe(5);
    expect(asked[2]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
    expect(asked[3]?.messages[1]).toEqual({ role: 'assistant', content: 'B' });
    expect(steps.map(({ type, round, answer: read, changed }) => [type, round, read, changed])).toEqual([
      ['round', 0, 'A', undefined],
      ['round', 1, 'B', true],
      ['round', 2, 'B', false],
    ]);
  });

  it('keeps an answer where a revision has none, and asks once a round where that is wished', async () => {
    const { asked, steps, context } = world(['A', 'dunno', 'C']);
    const answer = await createMethod('self-correct:rounds=2,style=joint,stop=never').solve(sample, context);
    expect(answer.text).toBe('C');
    expect(asked.length).toBe(3);
    expect(steps[1]).toMatchObject({ round: 1, text: 'A', answer: 'A', discarded: 'dunno' });
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
