import { describe, expect, it } from 'vitest';
import {
  type ClassifyRequest,
  createRandom,
  FettleError,
  type GenerateRequest,
  type GenerateResponse,
  type LoglikelihoodRequest,
  messageText,
  type MethodContext,
  type Model,
  type Sample,
  type TokenLogprob,
  type TraceStep,
} from '../../core/index.ts';
import { createVerifier, pathScore, bestPath, firstLow, sameAnswer } from './index.ts';

const sample: Sample = { id: 's', input: [{ role: 'user', content: 'Two and three, doubled?' }], target: '10' };
const steps = ['2 + 3 = 5', '5 * 2 = 10', '<ans>10</ans>'];

interface Asked {
  readonly generate: GenerateRequest[];
  readonly texts: LoglikelihoodRequest[];
  readonly pairs: ClassifyRequest[];
}

interface World {
  readonly reply?: (request: GenerateRequest) => Partial<GenerateResponse>;
  readonly logprob?: (prompt: string, continuation: string) => number;
  readonly classes?: { readonly rows: (text: string) => readonly number[]; readonly labels?: readonly string[] };
}

function world({ reply, logprob, classes }: World) {
  const asked: Asked = { generate: [], texts: [], pairs: [] };
  const trace: TraceStep[] = [];
  const main: Model = {
    id: 'm',
    identity: 'm',
    endpoint: 'm',
    async generate(request) {
      asked.generate.push(request);
      return { text: '', finishReason: 'stop', usage: {}, ...reply?.(request) };
    },
    ...(logprob && {
      loglikelihood: async (request: LoglikelihoodRequest) => {
        asked.texts.push(request);
        const prompt = request.messages.map(messageText).join('\n');
        return {
          continuations: request.continuations.map((text) => ({ logprob: logprob(prompt, text), tokens: 1 })),
          usage: {},
        };
      },
    }),
    ...(classes && {
      classify: async (request: ClassifyRequest) => {
        asked.pairs.push(request);
        const { rows, labels } = classes;
        return {
          probabilities: request.pairs.map(({ text, second = '' }) => rows(text + second)),
          ...(labels && { labels }),
          usage: {},
        };
      },
    }),
  };
  const context: MethodContext = {
    models: { main },
    random: createRandom('x'),
    settings: { temperature: 0, seed: 3, maxTokens: 100 },
    extract: (text) => /\d+/.exec(text)?.[0] ?? null,
    trace: (step) => void trace.push(step),
    signal: new AbortController().signal,
  };
  return { asked, context, trace };
}

const token = (text: string, p: number, top: Record<string, number> = {}): TokenLogprob => ({
  token: text,
  logprob: Math.log(p),
  top: Object.entries(top).map(([other, share]) => ({ token: other, logprob: Math.log(share) })),
});

describe('prompted', () => {
  const verdict = async (logprobs: readonly TokenLogprob[]): Promise<number | undefined> =>
    (await createVerifier().score(sample, ['a'], world({ reply: () => ({ logprobs }) }).context))[0];

  it('sums the spellings of both words', async () => {
    const top = { Correct: 0.4, ' correct': 0.2, wrong: 0.1, Wrong: 0.1, Yes: 0.1 };
    expect(await verdict([token('Correct', 0.4, top)])).toBeCloseTo(0.75, 12);
  });

  it('reads beginnings of the words, signs before them and later places', async () => {
    const later = [
      token('The', 0.8, { The: 0.8, correct: 0.01 }),
      token(' reasoning', 1),
      token(' is', 0.9, { ' is': 0.9 }),
      token(' wr', 0.6, { ' wr': 0.6, ' **correct': 0.3 }),
    ];
    expect(await verdict(later)).toBeCloseTo(1 / 3, 12);
  });

  it('gives a word that is not reported the most that it can have', async () => {
    expect(await verdict([token('correct', 0.9, { correct: 0.9, Yes: 0.02 })])).toBeCloseTo(0.9 / 0.92, 12);
    expect(await verdict([token('wrong', 1, { wrong: 1 })])).toBe(0);
  });

  it('scores both words as replies where there are no log-probabilities, and learns it once', async () => {
    const { asked, context } = world({
      logprob: (_prompt, text) => (text === 'correct' ? Math.log(0.3) : Math.log(0.1)),
    });
    const verifier = createVerifier();
    expect(await verifier.score(sample, ['a'], context)).toEqual([expect.closeTo(0.75, 12)]);
    expect(await verifier.score(sample, ['a', 'b'], context)).toHaveLength(2);
    expect(asked.generate).toHaveLength(1);
    expect(asked.texts).toHaveLength(2);
    expect(asked.texts[0]?.continuations).toEqual(['correct', 'wrong']);
  });

  it('says what is lacking', async () => {
    await expect(createVerifier().score(sample, ['a'], world({}).context)).rejects.toMatchObject({
      code: 'no-logprobs',
    });
    const texts = createVerifier({ read: 'loglikelihood' });
    await expect(texts.score(sample, ['a'], world({}).context)).rejects.toMatchObject({ code: 'no-loglikelihood' });
  });

  it('takes an endpoint that turns out not to score texts for one that cannot', async () => {
    const cannot = (): never => {
      throw new FettleError('It does not echo.', { code: 'model-no-loglikelihood' });
    };
    await expect(createVerifier().score(sample, ['a'], world({ logprob: cannot }).context)).rejects.toMatchObject({
      code: 'no-logprobs',
      message: expect.stringContaining('reports no log-probabilities') as string,
    });
    const { context } = world({ logprob: cannot, reply: () => ({ logprobs: [token('Maybe', 1, { Maybe: 1 })] }) });
    expect(await createVerifier().score(sample, ['a'], context)).toEqual([0.5]);
  });

  it('scores both words as replies where the reply has neither', async () => {
    const { context } = world({
      reply: () => ({ logprobs: [token('Maybe', 1, { Maybe: 1 })] }),
      logprob: (_prompt, text) => (text === 'correct' ? Math.log(0.2) : Math.log(0.6)),
    });
    expect(await createVerifier().score(sample, ['a'], context)).toEqual([expect.closeTo(0.25, 12)]);
  });

  it('gives 0.5 and a note to a model that says neither word', async () => {
    const { context, trace } = world({ reply: () => ({ logprobs: [token('Maybe', 1, { Maybe: 1 })] }) });
    expect(await createVerifier().score(sample, ['a'], context)).toEqual([0.5]);
    expect(trace).toEqual([{ type: 'verifier-note', note: expect.stringContaining('neither') as string }]);
  });

  it('asks the model that verifies where one is named', async () => {
    const { asked, context } = world({});
    const other = world({ reply: () => ({ logprobs: [token('correct', 1, { correct: 1 })] }) });
    await createVerifier().score(sample, ['a'], {
      ...context,
      models: { ...context.models, verifier: other.context.models.main },
    });
    expect(asked.generate).toHaveLength(0);
    expect(other.asked.generate).toHaveLength(1);
  });
});

describe('every verifier that asks', () => {
  it('scores a prefix once a sample, and none before `from`', async () => {
    const { asked, context } = world({ logprob: (prompt) => -prompt.length });
    const verifier = createVerifier({ verify: 'prm' });
    await verifier.score(sample, ['a', 'b', 'c'], context);
    expect(asked.texts).toHaveLength(3);
    expect(await verifier.score(sample, ['a', 'b', 'd'], context, { from: 2 })).toHaveLength(1);
    expect(asked.texts).toHaveLength(4);
    await Promise.all([
      verifier.score(sample, ['a', 'b', 'e'], context),
      verifier.score(sample, ['a', 'b', 'e'], context),
    ]);
    expect(asked.texts).toHaveLength(5);
    await verifier.score({ ...sample, id: 'other' }, ['a'], context);
    expect(asked.texts).toHaveLength(6);
    expect(await verifier.score(sample, [], context)).toEqual([]);
  });

  it('asks again what failed', async () => {
    let fail = true;
    const { context } = world({
      logprob: () => {
        if (fail) throw new Error('down');
        return -1;
      },
    });
    const verifier = createVerifier({ verify: 'prm' });
    await expect(verifier.score(sample, ['a', 'b'], context)).rejects.toThrow('down');
    fail = false;
    expect(await verifier.score(sample, ['a', 'b'], context)).toEqual([0.5, 0.5]);
  });
});

describe('prm', () => {
  it('reads both tokens behind each mark of the text that Math-Shepherd was trained on', async () => {
    const { asked, context } = world({ logprob: (_prompt, text) => Math.log(text === ' +' ? 0.6 : 0.2) });
    expect(await createVerifier({ verify: 'prm' }).score(sample, ['a', 'b'], context)).toEqual([
      expect.closeTo(0.75, 12),
      expect.closeTo(0.75, 12),
    ]);
    expect(asked.texts[1]).toEqual({
      messages: [{ role: 'user', content: 'Two and three, doubled? Step 1: a ки\nStep 2: b ки' }],
      continuations: [' +', ' -'],
      raw: true,
    });
  });

  it('takes other words, and turns of a chat', async () => {
    const { asked, context } = world({ logprob: () => -1 });
    const options = { verify: 'prm', marks: 'chat' } as const;
    await createVerifier(options).score(sample, ['a', 'b'], context);
    expect(asked.texts[1]).toEqual({
      messages: [
        { role: 'user', content: 'Two and three, doubled? a' },
        { role: 'assistant', content: '+' },
        { role: 'user', content: 'b' },
      ],
      continuations: ['+', '-'],
    });
  });

  it('scores each mark of a given text', async () => {
    const { asked, context } = world({ logprob: (_prompt, text) => (text === ' +' ? -1 : -2) });
    const scores = await createVerifier({ verify: 'prm' }).scoreMarks?.('Q: q \n A: a ки\nb ки', context);
    expect(scores).toHaveLength(2);
    expect(asked.texts.map(({ messages }) => messages[0]?.content)).toEqual([
      'Q: q \n A: a ки',
      'Q: q \n A: a ки\nb ки',
    ]);
  });

  it('says what is lacking', async () => {
    const verifier = createVerifier({ verify: 'prm' });
    await expect(verifier.score(sample, ['a'], world({}).context)).rejects.toMatchObject({ code: 'no-loglikelihood' });
  });
});

describe('rollouts', () => {
  it('gives the share of completions that reach the path’s own answer', async () => {
    let n = 0;
    const { asked, context } = world({ reply: () => ({ text: `<ans>${n++ % 4 === 0 ? 11 : 10}</ans>` }) });
    expect(await createVerifier({ verify: 'rollouts' }).score(sample, steps, context)).toEqual([0.75, 0.75, 1]);
    expect(asked.generate).toHaveLength(8);
    expect(new Set(asked.generate.map(({ seed }) => seed)).size).toBe(4);
    expect(asked.generate.every(({ temperature, maxTokens }) => temperature === 0.7 && maxTokens === 100)).toBe(true);
    expect(JSON.stringify(asked.generate[0]?.messages)).toContain('<Step 1> 2 + 3 = 5 </Step 1>');
  });

  it('gives the share that reach the right answer where labels are gold, and asks nothing twice', async () => {
    const { asked, context } = world({ reply: () => ({ text: '<ans>10.0</ans>' }) });
    const verifier = createVerifier({ verify: 'rollouts', labels: 'gold', rollouts: 2 });
    expect(await verifier.score(sample, ['2 + 3 = 6', 'so <ans>12</ans>'], context)).toEqual([1, 0]);
    await verifier.score(sample, ['2 + 3 = 6', 'so <ans>10</ans>'], context);
    expect(asked.generate).toHaveLength(2);
  });

  it('gives 0 to a path without any answer', async () => {
    const { context } = world({ reply: () => ({ text: '<ans>7</ans>' }) });
    expect(await createVerifier({ verify: 'rollouts' }).score(sample, ['hm'], context)).toEqual([0]);
  });
});

describe('classifier', () => {
  const rows = (text: string): readonly number[] => (text.includes('wrong') ? [0.9, 0.1] : [0.2, 0.8]);

  it('gives the last class for question and steps, all prefixes in one call', async () => {
    const { asked, context } = world({ classes: { rows } });
    const verifier = createVerifier({ verify: 'classifier' });
    expect(await verifier.score(sample, ['a', 'wrong'], context)).toEqual([0.8, 0.1]);
    expect(asked.pairs).toEqual([
      {
        pairs: [
          { text: 'Two and three, doubled?', second: '<Step 1> a </Step 1>' },
          { text: 'Two and three, doubled?', second: '<Step 1> a </Step 1>\n<Step 2> wrong </Step 2>' },
        ],
      },
    ]);
  });

  it('takes a class by name or number, and one text in the form of StepCo’s data', async () => {
    const { asked, context } = world({ classes: { rows, labels: ['GOOD', 'BAD'] } });
    const named = createVerifier({ verify: 'classifier', positiveClass: 'good', pair: 'single' });
    expect(await named.score(sample, ['a'], context)).toEqual([0.2]);
    expect(asked.pairs[0]?.pairs).toEqual([{ text: 'Q: Two and three, doubled?\nA: \n<Step 1>\na\n</Step 1>' }]);
    expect(await createVerifier({ verify: 'classifier', positiveClass: '0' }).score(sample, ['a'], context)).toEqual([
      0.2,
    ]);
    const missing = createVerifier({ verify: 'classifier', positiveClass: 'fine' });
    await expect(missing.score(sample, ['a'], context)).rejects.toMatchObject({ code: 'class-missing' });
  });

  it('says what is lacking', async () => {
    const verifier = createVerifier({ verify: 'classifier' });
    await expect(verifier.score(sample, ['a'], world({}).context)).rejects.toMatchObject({ code: 'no-classify' });
  });
});

describe('oracle', () => {
  const score = (path: readonly string[], metadata?: Sample['metadata']): Promise<readonly number[]> =>
    createVerifier({ verify: 'oracle' }).score({ ...sample, ...(metadata && { metadata }) }, path, world({}).context);

  it('finds the last step of a wrong path low and nothing of a right one', async () => {
    expect(await score(steps)).toEqual([1, 1, 1]);
    expect(await score(['2 + 3 = 6', '<ans>12</ans>'])).toEqual([1, 0]);
  });

  it('knows where a labelled path goes wrong', async () => {
    const path = ['2 + 3 = 6', '6 * 2 = 12', '<ans>12</ans>'];
    expect(await score(path, { steps: path, firstWrongStep: 0 })).toEqual([0, 0, 0]);
    expect(await score(path, { steps: path, firstWrongStep: 1 })).toEqual([1, 0, 0]);
    expect(await score([...path, 'x'], { steps: path, firstWrongStep: 0 })).toEqual([1, 1, 1, 0]);
  });
});

describe('scores of paths', () => {
  it('follow the rule', () => {
    const scores = [0.5, 0.8, 0.2];
    expect(pathScore(scores)).toBe(0.2);
    expect(pathScore(scores, 'mean')).toBeCloseTo(0.5, 12);
    expect(pathScore(scores, 'last')).toBe(0.2);
    expect(pathScore(scores, 'product')).toBeCloseTo(0.08, 12);
    expect(pathScore([])).toBe(0);
  });

  it('name the first low step and the best path', () => {
    expect(firstLow([0.9, 0.5, 0.4], 0.5)).toBe(2);
    expect(firstLow([0.1, 0.9, 0.1], 0.5, 1)).toBe(2);
    expect(firstLow([0.9, NaN], 0.5)).toBe(1);
    expect(firstLow([], 0.5)).toBeNull();
    expect(bestPath([0.3, 0.7, 0.7, 0.1], 'latest')).toBe(2);
    expect(bestPath([0.3, 0.7, 0.7, 0.1], 'first')).toBe(1);
    expect(bestPath([], 'first')).toBe(-1);
  });
});

describe('sameAnswer', () => {
  it.each([
    ['10', '10.0', true],
    ['1,000', '1000', true],
    ['$5', '5', true],
    ['\\frac{1}{2}', '0.5', true],
    ['B', 'b ', true],
    ['10', '11', false],
    ['ten', '10', false],
  ])('%s and %s', (a, b, same) => {
    expect(sameAnswer(a, b)).toBe(same);
  });
});
