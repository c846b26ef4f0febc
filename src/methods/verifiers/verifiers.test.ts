import { describe, expect, it } from 'vitest';
import type { Sample } from '../../core/index.ts';
import { createVerifier } from './index.ts';
import { sample, steps, world } from './testing/scripted-model.ts';

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
