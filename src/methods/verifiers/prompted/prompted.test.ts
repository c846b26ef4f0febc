import { describe, expect, it } from 'vitest';
import { FettleError, type TokenLogprob } from '../../../core/index.ts';
import { createVerifier } from '../index.ts';
import { sample, token, world } from '../testing/scripted-model.ts';

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
