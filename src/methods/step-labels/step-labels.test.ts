import { describe, expect, it } from 'vitest';
import type { GenerateRequest, MethodContext, Model, Sample } from '../../core/index.ts';
import { createMethod } from '../create-method.ts';
import type { StepLabel } from './step-tree.ts';

/** Answers by what a request says. */
function scripted(reply: (prompt: string, request: GenerateRequest) => string): {
  model: Model;
  requests: GenerateRequest[];
} {
  const requests: GenerateRequest[] = [];
  const model: Model = {
    id: 'scripted',
    identity: 'scripted',
    endpoint: 'scripted',
    async generate(request) {
      requests.push(request);
      return { text: reply(String(request.messages.at(-1)?.content), request), finishReason: 'stop', usage: {} };
    },
  };
  return { model, requests };
}

const sample: Sample = {
  id: 's',
  input: [{ role: 'user', content: 'Two and two, doubled?' }],
  target: '8',
  metadata: { question: 'Two and two, doubled?', kind: 'number' },
};

const contextOf = (main: Model): MethodContext => ({
  models: { main },
  random: undefined as never,
  settings: { temperature: 0, seed: 3 },
  extract: (text) => text,
  trace: () => undefined,
  signal: new AbortController().signal,
});

async function labelsOf(spec: string, model: Model, of: Sample = sample) {
  const answer = await createMethod(`step-labels:${spec}`).solve(of, contextOf(model));
  return {
    answer,
    labels: answer.metadata?.['labels'] as unknown as (StepLabel & { hard: number; rollouts: number })[],
  };
}

const mistaken = (prompt: string): boolean => prompt.includes('with one mistake in it');
const begun = (prompt: string): string => prompt.slice(prompt.indexOf('Problem: Two and two, doubled?'));

describe('trees', () => {
  const grow = (prompt: string): string => {
    const steps = begun(prompt).split('</Step').length - 2;
    if (steps === 0) {
      return prompt.includes('gardener')
        ? '<Step 1> First add both: 2 + 2 = 4. </Step 1>\n<Step 2> Then 4 * 2 = 8. </Step 2>\n<ans>8</ans>'
        : '<Step 1> Double the first one: 2 * 2 = 4. </Step 1>';
    }
    return mistaken(prompt)
      ? `<Step ${steps + 1}> Now triple the value: 4 * 3 = 12. </Step ${steps + 1}>\n<ans>12</ans>`
      : `<Step ${steps + 1}> Now double it: 4 * 2 = 8. </Step ${steps + 1}>\n<ans>8</ans>`;
  };

  it('hold right and wrong paths, of one step a reply, and end with answers', async () => {
    const { model, requests } = scripted(grow);
    const { answer, labels } = await labelsOf('depth=3', model);
    expect(labels.map(({ node, kind, accuracy, leaves }) => [node, kind, accuracy, leaves])).toEqual([
      ['S11', 'step', 0.5, 2],
      ['S12', 'step', 0.5, 2],
      ['S11S21', 'step', 1, 1],
      ['S11S21S31', 'answer', 1, 1],
      ['S11S22', 'step', 0, 1],
      ['S11S22S31', 'answer', 0, 1],
      ['S12S21', 'step', 1, 1],
      ['S12S21S31', 'answer', 1, 1],
      ['S12S22', 'step', 0, 1],
      ['S12S22S31', 'answer', 0, 1],
    ]);
    expect(labels[2]?.reasoning_path).toContain('<Step 2>\nNow double it: 4 * 2 = 8.\n</Step 2>');
    expect(labels[2]?.reasoning_path).not.toContain('ans');
    expect(answer.text).toBe('<ans>8</ans>');
    expect(requests).toHaveLength(6);
    expect(new Set(requests.map(({ seed }) => seed)).size).toBe(6);
    expect(requests[0]).toMatchObject({ temperature: 0.7, topP: 0.98, maxTokens: 512 });
    // No mistake is asked for at the first step; below its second child the example goes wrong.
    expect(requests.map(({ messages }) => mistaken(String(messages[0]?.content)))).toEqual([
      false,
      false,
      false,
      true,
      false,
      true,
    ]);
    expect(String(requests[5]?.messages[0]?.content)).toContain('that goes wrong');
    expect(String(requests[3]?.messages[0]?.content)).not.toContain('that goes wrong');
  });

  it('leave out next steps that are too close to another one', async () => {
    const { model } = scripted((prompt) =>
      grow(prompt)
        .replace('triple', 'double')
        .replace('3 = 12', '2 = 8')
        .replace('Now double the value', 'Now double it'),
    );
    const { answer, labels } = await labelsOf('depth=2', model);
    expect(labels.map(({ node }) => node)).toEqual(['S11', 'S12', 'S11S21', 'S11S21S31', 'S12S21', 'S12S21S31']);
    expect(answer.metadata?.['dropped']).toBe(2);
    const apart = scripted((prompt) => `<Step 1> ${prompt.includes('gardener') ? 'abcde' : 'vwxyz'} </Step 1>`);
    expect((await labelsOf('depth=1', apart.model)).labels).toHaveLength(1);
    expect((await labelsOf('depth=1,editDistance=4', apart.model)).labels).toHaveLength(2);
  });

  it('end at their depth and at their number of nodes, without an answer then', async () => {
    let count = 0;
    const endless = (): string => `${'abcdefgh'[count++ % 8] ?? ''.repeat(9)}${'xyzuvwq'.repeat((count % 5) + 1)}`;
    const shallow = await labelsOf('depth=2', scripted(endless).model);
    expect(Math.max(...shallow.labels.map(({ depth }) => depth))).toBe(2);
    expect(shallow.labels.every(({ leaves, accuracy }) => leaves === 0 && accuracy === 0)).toBe(true);
    expect(shallow.answer.text).toBe('');
    const small = await labelsOf('depth=9,nodes=10', scripted(endless).model);
    expect(small.labels.length).toBeLessThanOrEqual(10);
    expect(small.answer.metadata?.['cut']).toBe(true);
  });

  it('take blank replies for no step, and an answer alone for a leaf', async () => {
    const { model } = scripted((prompt) => (prompt.includes('gardener') ? '  ' : '<ans>8</ans>'));
    const { labels } = await labelsOf('depth=3', model);
    expect(labels.map(({ node, kind, accuracy }) => [node, kind, accuracy])).toEqual([['S12', 'answer', 1]]);
  });

  it('judge by the rule of the released labels where that is asked for', async () => {
    const { model } = scripted((prompt) => `<ans>${prompt.includes('gardener') ? '800' : 'eight or so'}</ans>`);
    const [strict, reference] = [await labelsOf('depth=1', model), await labelsOf('depth=1,grade=reference', model)];
    expect(strict.labels.map(({ accuracy }) => accuracy)).toEqual([0, 0]);
    expect(reference.labels.map(({ accuracy }) => accuracy)).toEqual([1, 0]);
  });

  it('need a right answer', async () => {
    const { model } = scripted(() => '');
    await expect(labelsOf('', model, { ...sample, target: null })).rejects.toMatchObject({ code: 'no-target' });
  });
});

describe('Monte-Carlo labels', () => {
  it('are the share of completions that are right, and whether any is', async () => {
    const { model, requests } = scripted((prompt, { seed }) => {
      const steps = prompt.includes('The solution has begun')
        ? prompt.split('The solution has begun')[1]?.split('<Step').length
        : 0;
      if (steps === 0)
        return '<Step 1> 2 + 2 = 4. </Step 1>\n<Step 2> 4 + 2 = 6. </Step 2>\n<Step 3> So it is <ans>6</ans> </Step 3>';
      if (prompt.includes('4 + 2 = 6')) return '<ans>6</ans>';
      return (seed ?? 0) % 2 === 0 ? '<ans>8</ans>' : 'I cannot say';
    });
    const { labels } = await labelsOf('labels=monte-carlo,rollouts=4', model);
    expect(labels.map(({ accuracy, hard, rollouts, right }) => [accuracy, hard, rollouts, right])).toEqual([
      [0.5, 1, 4, 2],
      [0, 0, 4, 0],
      [0, 0, 1, 0],
    ]);
    expect(requests).toHaveLength(1 + 4 + 4);
    expect(new Set(requests.map(({ seed }) => seed)).size).toBe(9);
  });
});
