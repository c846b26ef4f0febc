import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRandom,
  type GenerateRequest,
  messageText,
  type MethodContext,
  type Model,
  type Sample,
  type TraceStep,
} from '../../src/core/index.ts';
import { createMethod, finalAnswer, parseSteps } from '../../src/methods/index.ts';

const sample: Sample = { id: 's', input: [{ role: 'user', content: 'How many?' }], target: '10' };

interface Round extends TraceStep {
  readonly round: number;
  readonly text: string;
  readonly answer: string | null;
  readonly pathScore: number;
  readonly low: number | null;
  readonly steps: readonly { readonly score: number; readonly state: string; readonly text: string }[];
  readonly tokens: { readonly solver: { readonly calls: number }; readonly verifier: { readonly calls: number } };
}

/** Replies in order, then the last again; scores decided by the prefix's text. */
function world(replies: readonly string[], score: (prefix: string) => number) {
  const asked: GenerateRequest[] = [];
  const scored: string[] = [];
  const trace: TraceStep[] = [];
  const main: Model = {
    id: 'm',
    identity: 'm',
    endpoint: 'm',
    async generate(request) {
      asked.push(request);
      const text = replies[Math.min(asked.length, replies.length) - 1] ?? '';
      return { text, finishReason: 'stop', usage: { inputTokens: 10, outputTokens: 5 } };
    },
    async loglikelihood({ messages }) {
      const prompt = messages.map(messageText).join('\n');
      scored.push(prompt);
      const p = score(prompt);
      return {
        continuations: [
          { logprob: Math.log(p), tokens: 1 },
          { logprob: Math.log(1 - p), tokens: 1 },
        ],
        usage: { inputTokens: 7, outputTokens: 0 },
      };
    },
  };
  const context: MethodContext = {
    models: { main },
    random: createRandom('x'),
    settings: { seed: 3, temperature: 0.7 },
    extract: (text) => finalAnswer(text),
    trace: (step) => void trace.push(step),
    signal: new AbortController().signal,
  };
  return { asked, scored, context, rounds: () => trace.filter((step): step is Round => step.type === 'round') };
}

const tagged = (...steps: string[]): string => steps.map((s, i) => `<Step ${i + 1}> ${s} </Step ${i + 1}>`).join('\n');
const first = `${tagged('2+3=5', '5*2=11')}\n<ans>11</ans>`;
/** Low where the last step of a prefix holds the word. */
const lowAt =
  (...words: string[]) =>
  (prefix: string): number =>
    words.some((word) => (prefix.split(/Step \d+: /).at(-1) ?? '').includes(word)) ? 0.2 : 0.9;

const method = (options = ''): ReturnType<typeof createMethod> => createMethod(`stepco:verify=prm${options}`);

describe('StepCo as the paper tells it', () => {
  it('rewrites from the first low step, keeps what stands before, accepts when none is low', async () => {
    const { asked, scored, context, rounds } = world([first, '<Step 2> 5*2=10 </Step 2> <ans>10</ans>'], lowAt('11'));
    const answer = await method().solve(sample, context);
    expect(answer.text).toBe('<Step 1> 2+3=5 </Step 1>\n<Step 2> 5*2=10 </Step 2>\n<ans>10</ans>');
    expect(answer.metadata).toEqual({
      stopped: 'accepted',
      accepted: true,
      rounds: 1,
      kept: 1,
      pathScore: expect.closeTo(0.9, 9) as number,
      verifier: 'prm',
      answer: '10',
    });
    expect(asked).toHaveLength(2);
    const request = asked[1]?.messages.map(messageText).join('') ?? '';
    expect(request).toContain('step 2 is where it goes wrong');
    expect(request).toContain('20.00 %');
    expect(new Set(asked.map(({ seed }) => seed)).size).toBe(2);
    // Two prefixes of the first path, one of the second: the kept one is not scored again.
    expect(scored).toHaveLength(3);
    expect(rounds().map(({ low, steps }) => [low, ...steps.map(({ state }) => state)])).toEqual([
      [2, 'new', 'low'],
      [null, 'kept', 'new'],
    ]);
    expect(rounds().map(({ tokens }) => [tokens.solver.calls, tokens.verifier.calls])).toEqual([
      [1, 2],
      [1, 1],
    ]);
    expect(rounds().map(({ answer: given }) => given)).toEqual(['11', '10']);
  });

  it('takes five rounds at most, then the path with the best lowest step, of equal ones the latest', async () => {
    const replies = ['11', '12', '13', '14', '15', '16', '17'].map((n) => `<Step 1> ${n} </Step 1><ans>${n}</ans>`);
    const scores: Record<string, number> = { 11: 0.1, 12: 0.4, 13: 0.2, 14: 0.4, 15: 0.3, 16: 0.1 };
    const score = (prefix: string): number => scores[/Step 1: (\d+)/.exec(prefix)?.[1] ?? ''] ?? 0;
    const { asked, context } = world(replies, score);
    const answer = await method().solve(sample, context);
    expect(asked).toHaveLength(6);
    expect(answer.metadata).toMatchObject({ stopped: 'rounds', rounds: 5, kept: 3, answer: '14' });
    const last = await method(',keep=last').solve(sample, world(replies, score).context);
    expect(last.metadata).toMatchObject({ kept: 5, answer: '16' });
    const none = await method(',keep=abstain').solve(sample, world(replies, score).context);
    expect(none).toMatchObject({ text: '', metadata: { abstained: true, answer: null } });
    const one = world(replies, score);
    await method(',rounds=1').solve(sample, one.context);
    expect(one.asked).toHaveLength(2);
    const spent = world(replies, score);
    const budget = await method(',tokens=40').solve(sample, spent.context);
    expect(budget.metadata).toMatchObject({ stopped: 'tokens', rounds: 1 });
  });

  it('passes a step at theta itself, and takes another theta', async () => {
    const at = (p: number): ReturnType<typeof world> => world([first, first], () => p);
    expect((await method().solve(sample, at(0.5).context)).metadata).toMatchObject({ accepted: true });
    expect((await method(',theta=0.6').solve(sample, at(0.5).context)).metadata).toMatchObject({ accepted: false });
  });

  it('ends with the same answer twice in a row only where that is asked for', async () => {
    const replies = [first, '<Step 2> 5*2=11 </Step 2><ans>11</ans>'];
    const calm = world(replies, lowAt('11'));
    await method().solve(sample, calm.context);
    expect(calm.asked).toHaveLength(6);
    const repeated = world(replies, lowAt('11'));
    expect((await method(',stop=repeat').solve(sample, repeated.context)).metadata).toMatchObject({
      stopped: 'repeat',
    });
    expect(repeated.asked).toHaveLength(2);
  });

  it('ends where a deterministic model would repeat itself', async () => {
    const { asked, context } = world([first, '<Step 2> 5*2=11 </Step 2><ans>11</ans>'], lowAt('11'));
    const still = { ...context, settings: { temperature: 0 } };
    expect((await method().solve(sample, still)).metadata).toMatchObject({ stopped: 'unchanged', rounds: 1 });
    expect(asked).toHaveLength(2);
  });

  it('asks for the answer only where the path marks none', async () => {
    const { asked, context } = world([tagged('2+3=5', 'twice that'), 'It is \\boxed{10}.'], () => 0.9);
    const answer = await method().solve(sample, context);
    expect(asked).toHaveLength(2);
    expect(answer.metadata).toMatchObject({ answer: '10' });
    expect(answer.text).toMatch(/<ans>10<\/ans>$/);
    const without = world([tagged('2+3=5')], () => 0.9);
    expect((await method(',extract=never').solve(sample, without.context)).metadata).toMatchObject({ answer: null });
    expect(without.asked).toHaveLength(1);
  });

  it('replies with the answer alone to scorers that compare whole replies', async () => {
    const { context } = world([first], () => 0.9);
    const whole = { ...context, extract: (text: string) => text.trim() || null };
    expect((await method().solve(sample, whole)).text).toBe('11');
    expect((await method(',reply=path').solve(sample, whole)).text).toContain('<Step 1>');
  });

  it('ends its reply with the answer, also where the path marks it within a step', async () => {
    const { context } = world(['<Step 1> so <ans>5</ans> </Step 1>'], () => 0.9);
    expect((await method().solve(sample, context)).text).toBe('<Step 1> so <ans>5</ans> </Step 1>\n<ans>5</ans>');
  });

  it('asks an empty reply again', async () => {
    const { context } = world(['', first], () => 0.9);
    expect((await method().solve(sample, context)).metadata).toMatchObject({ accepted: true, rounds: 1, answer: '11' });
  });

  it('names the verifier as a role where the main model cannot be one', () => {
    expect(method().roles).toEqual(['verifier']);
    expect(createMethod('stepco').roles).toEqual([]);
  });
});

const piece = fc.oneof(
  fc.constantFrom(
    '<Step 1>',
    '<Step 2>',
    '<Step 3>',
    '<Step 99>',
    '</Step 1>',
    '<Step>',
    '<ans>',
    '</ans>',
    '\\boxed{',
  ),
  fc.constantFrom('\n', '\n\n', '1. ', 'Step 2: ', 'wrong', 'ки', '7', ' '),
  fc.string({ maxLength: 12 }),
);
const hostileReply = fc.array(piece, { maxLength: 20 }).map((parts) => parts.join(''));

describe('whatever the model and the verifier say', () => {
  it('steps before the low one stay byte for byte, the index never moves back, rounds are bounded', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostileReply, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom('best', 'last', 'abstain'),
        async (replies, salt, limit, keep) => {
          // A score for every text, the same each time.
          const score = (prefix: string): number => (createRandom(`${salt}\n${prefix}`).next() + 0.001) / 1.002;
          const { asked, scored, context, rounds } = world(replies, score);
          const answer = await method(`,rounds=${limit},keep=${keep}`).solve(sample, context);
          const seen = rounds();
          expect(seen.length).toBeLessThanOrEqual(limit + 1);
          expect(asked.length).toBeLessThanOrEqual(limit + 2);
          expect(new Set(scored).size, 'no prefix is scored twice').toBe(scored.length);
          for (const [i, round] of seen.entries()) {
            const before = seen[i - 1];
            if (before?.low === undefined) continue;
            const low = before.low ?? 0;
            expect(round.steps.slice(0, low - 1).map(({ text }) => text)).toEqual(
              before.steps.slice(0, low - 1).map(({ text }) => text),
            );
            expect(round.steps.slice(0, low - 1).map((step) => step.score)).toEqual(
              before.steps.slice(0, low - 1).map((step) => step.score),
            );
            if (round.low !== null) expect(round.low).toBeGreaterThanOrEqual(low);
          }
          const accepted = seen.at(-1)?.low === null;
          expect(answer.metadata?.['accepted']).toBe(accepted);
          if (!accepted && keep === 'abstain') expect(answer.text).toBe('');
          const again = world(replies, score);
          expect(await method(`,rounds=${limit},keep=${keep}`).solve(sample, again.context)).toEqual(answer);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('the released loop asks for twelve replies at most and fails only as the released code does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostileReply, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 1000 }),
        async (replies, salt) => {
          const score = (prefix: string): number => (createRandom(`${salt}\n${prefix}`).next() + 0.001) / 1.002;
          const { asked, context } = world(replies, score);
          const solved = createMethod('stepco:variant=reference,verify=prm').solve(sample, context);
          const outcome = await solved.catch((error: unknown) => error as { code?: string });
          if (!('text' in outcome)) expect(outcome.code).toBe('released-code-raises');
          expect(asked.length).toBeLessThanOrEqual(12);
          expect(asked.every(({ messages }) => messages.length === 1 && messages[0]?.role === 'system')).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('StepCo as the released code runs it', () => {
  it('asks for every answer, and lets one score of the whole path decide', async () => {
    const replies = [first, '\\boxed{11}', tagged('2+3=5', '5*2=10'), '\\boxed{10}'];
    const { asked, scored, context, rounds } = world(replies, (prompt) => (prompt.includes('=11') ? 0.3 : 0.8));
    const answer = await createMethod('stepco:variant=reference,verify=prm').solve(sample, context);
    expect(answer).toMatchObject({ text: '\\boxed{10}', metadata: { accepted: true, rounds: 1 } });
    expect(asked).toHaveLength(4);
    expect(scored[0]).toBe(`Q: How many? \n A: ${first} ки`);
    expect(rounds().map(({ low }) => low)).toEqual([2, null]);
    expect(messageText(asked[2]?.messages[0] ?? { role: 'user', content: '' })).toContain('30.00%');
  });

  it('scores the same pieces with a verifier that reads no marks', async () => {
    const { context } = world([first, '\\boxed{10}'], () => 0.9);
    const answer = await createMethod('stepco:variant=reference,verify=oracle').solve(sample, context);
    expect(answer.metadata).toMatchObject({ variant: 'reference', verifier: 'oracle' });
    expect(parseSteps(first).steps).toHaveLength(2);
  });
});
