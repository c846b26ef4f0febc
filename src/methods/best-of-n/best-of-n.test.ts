import { describe, expect, it } from 'vitest';
import {
  createRandom,
  type GenerateRequest,
  type GenerateResponse,
  messageText,
  type MethodContext,
  type Model,
  type Sample,
  type TraceStep,
} from '../../core/index.ts';
import { createMethod } from '../create-method.ts';
import { choosePath } from './choose-path.ts';

const sample: Sample = { id: 's', input: [{ role: 'user', content: 'Which?' }], target: 'B' };

/** Says that the reasoning is right with the probability that stands in the last step as `p=0.8`. */
function judge(asked: string[]): Model {
  return {
    id: 'judge',
    identity: 'judge',
    endpoint: 'judge',
    async generate({ messages }): Promise<GenerateResponse> {
      const text = messageText(messages.at(-1) ?? { role: 'user', content: '' });
      asked.push(text);
      const right = Number([...text.matchAll(/p=([\d.]+\d)/g)].at(-1)?.[1] ?? 0.5);
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
}

function world(replies: readonly string[]) {
  const asked: GenerateRequest[] = [];
  const judged: string[] = [];
  const steps: TraceStep[] = [];
  const main: Model = {
    id: 'm',
    identity: 'm',
    endpoint: 'm',
    async generate(request) {
      asked.push(request);
      const text = replies[(request.seed ?? 0) % 1_000_003] ?? '';
      return { text, finishReason: 'stop', usage: { inputTokens: 5, outputTokens: 2 } };
    },
  };
  const context: MethodContext = {
    models: { main, verifier: judge(judged) },
    random: createRandom('x'),
    settings: { seed: 0 },
    extract: (text) => /answer (\w)/.exec(text)?.[1] ?? null,
    trace: (step) => void steps.push(step),
    signal: new AbortController().signal,
  };
  return { asked, judged, steps, context };
}

const path = (answer: string, ...scores: number[]): string =>
  [
    ...scores.map((p, i) => `<Step ${i + 1}> ${answer}${i} p=${p.toFixed(2)} </Step ${i + 1}>`),
    `answer ${answer}`,
  ].join('\n');

describe('best-of-n', () => {
  const replies = [path('A', 0.9, 0.3, 0.95), path('B', 0.6, 0.55, 0.5), path('C', 0.99, 0.5, 0.9)];

  it.each([
    ['min', 'B', 0.5],
    ['last', 'A', 0.95],
    ['mean', 'C', (0.99 + 0.5 + 0.9) / 3],
    ['product', 'C', 0.99 * 0.5 * 0.9],
  ])('by %s takes %s', async (rule, answer, score) => {
    const { context, steps } = world(replies);
    const { text, metadata } = await createMethod(`best-of-n:n=3,score=${rule}`).solve(sample, context);
    expect(text).toContain(`answer ${answer}`);
    expect(metadata?.['score']).toBeCloseTo(score, 9);
    expect(steps.map(({ type }) => type)).toEqual(['path', 'path', 'path', 'choice']);
    const [a] = steps as unknown as { scores: number[]; inputTokens: number }[];
    expect(a?.scores.map((one) => Number(one.toFixed(9)))).toEqual([0.9, 0.3, 0.95]);
    expect(a?.inputTokens).toBe(5);
  });

  it('adds up the scores of an answer where votes are weighted', async () => {
    const { context } = world([path('A', 0.8), path('B', 0.5), path('B', 0.45)]);
    const best = await createMethod('best-of-n:n=3').solve(sample, context);
    expect(best.text).toContain('answer A');
    const weighted = await createMethod('best-of-n:n=3,select=weighted').solve(
      sample,
      world([path('A', 0.8), path('B', 0.5), path('B', 0.45)]).context,
    );
    expect(weighted.text).toContain('answer B');
  });

  it('stops at the first path that scores enough, and looks at whole waves', async () => {
    const drawn = [path('A', 0.4), path('B', 0.9), path('C', 0.95), path('D', 0.2)];
    const one = world(drawn);
    const answer = await createMethod('best-of-n:n=4,accept=0.9').solve(sample, one.context);
    expect(answer).toMatchObject({ text: drawn[1], metadata: { paths: 2 } });
    expect(one.asked.length).toBe(2);
    const waves = world(drawn);
    const wider = await createMethod('best-of-n:n=4,accept=0.9,wave=3').solve(sample, waves.context);
    expect(wider).toMatchObject({ text: drawn[2], metadata: { paths: 3 } });
  });

  it('scores equal prefixes once, and paths without an answer never', async () => {
    const { context, judged } = world([path('A', 0.8, 0.7), path('A', 0.8, 0.7), 'dunno p=0.99']);
    const { metadata } = await createMethod('best-of-n:n=3').solve(sample, context);
    expect(judged.length).toBe(2);
    expect(metadata).toMatchObject({ path: 0, paths: 3 });
    const nothing = world(['dunno', 'pass']);
    expect((await createMethod('best-of-n:n=2').solve(sample, nothing.context)).text).toBe('dunno');
    expect(nothing.judged).toEqual([]);
  });

  it('gives the marked answer alone to a scorer that does not read it from tagged steps', async () => {
    const { context, asked, steps } = world(['<Step 1> 1 p=0.8 </Step 1>\n<ans>answer B</ans>']);
    const strict = { ...context, extract: (text: string) => /^answer (\w)$/.exec(text)?.[1] ?? null };
    const { text } = await createMethod('best-of-n:n=1,form=steps').solve(sample, strict);
    expect(text).toBe('answer B');
    expect(messageText(asked[0]?.messages[0] ?? { role: 'user', content: '' })).toContain('<Step 1>');
    expect(steps[0]).toMatchObject({ answer: 'B', score: 0.8, solution: expect.stringContaining('<ans>') });
  });

  it('asks for its paths as self-consistency does', async () => {
    const [best, voted] = [world(replies), world(replies)];
    await createMethod('best-of-n:n=3').solve(sample, best.context);
    await createMethod('self-consistency:n=3').solve(sample, voted.context);
    expect(best.asked).toEqual(voted.asked);
  });
});

describe('choosePath', () => {
  it('gives ties to the path that came first', () => {
    const paths = [
      { answer: null, score: 1 },
      { answer: 'A', score: 0.5 },
      { answer: 'B', score: 0.5 },
    ];
    expect(choosePath(paths, 'best')).toBe(1);
    expect(choosePath(paths, 'weighted')).toBe(1);
    expect(choosePath([{ answer: null }], 'best')).toBeUndefined();
  });
});
