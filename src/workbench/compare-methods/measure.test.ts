import { describe, expect, it } from 'vitest';
import type { SampleResult, TraceStep } from '../../core/index.ts';
import { createMethod } from '../../methods/index.ts';
import { EqualCurve, pathMethod, sizesUpTo, subsets } from './equal-curve.ts';
import type { GradeText } from './grade-texts.ts';
import { RoundsTally } from './measure-rounds.ts';
import { parseMethods } from './parse-methods.ts';

/** Right where the text says so; none where it cannot be judged. */
const grade: GradeText = async (_task, _id, text) => (text === 'unjudged' ? null : text.startsWith('right') ? 1 : 0);

const result = (trace: readonly TraceStep[], value: number, more: Partial<SampleResult> = {}): SampleResult => ({
  task: 't',
  sampleId: 's',
  epoch: 1,
  index: 0,
  status: 'completed',
  input: [],
  target: null,
  labels: {},
  answer: { text: '' },
  scores: { exact: { value, parsed: true } },
  usage: { inputTokens: 80, outputTokens: 20, calls: 1, wastedCalls: 0, replayedCalls: 0 },
  trace,
  startedAt: 0,
  durationMs: 0,
  ...more,
});

const rounds = (...texts: string[]): TraceStep[] =>
  texts.map((text, round) => ({ type: 'round', round, text, answer: null }));
const paths = (...texts: string[]): TraceStep[] =>
  texts.map((text, path) => ({ type: 'path', path, text, answer: text, score: 0.5 }));

describe('RoundsTally', () => {
  it('counts changes round by round, questions that ended early carried on', async () => {
    const tally = new RoundsTally();
    await tally.add(result(rounds('right'), 1), grade);
    await tally.add(result(rounds('right', 'wrong', 'wrong'), 0), grade);
    await tally.add(result(rounds('wrong', 'right'), 1), grade);
    await tally.add(result(rounds('wrong', 'wrong', 'right'), 1), grade);
    // The method went back to its first path in the end.
    await tally.add(result(rounds('right', 'wrong'), 1), grade);
    expect(tally.figures()).toEqual({
      questions: 5,
      firstAccuracy: 3 / 5,
      rounds: [
        { round: 1, questions: 4, rightBefore: 2, rightToWrong: 2, wrongToRight: 1, accuracy: 2 / 5 },
        { round: 2, questions: 2, rightBefore: 0, rightToWrong: 0, wrongToRight: 1, accuracy: 3 / 5 },
      ],
      whole: { rightBefore: 3, rightToWrong: 1, wrongBefore: 2, wrongToRight: 2 },
    });
  });

  it('leaves out what cannot be judged, what failed, and methods without rounds', async () => {
    const tally = new RoundsTally();
    await tally.add(result(rounds('right', 'unjudged'), 1), grade);
    await tally.add(result(rounds('right'), 0, { status: 'failed', scores: {} }), grade);
    await tally.add(result(paths('right'), 1), grade);
    // A step of another method that only looks like a round.
    await tally.add(result([{ type: 'round', round: '1', text: 'right' }], 1), grade);
    expect(tally.figures()).toBeUndefined();
  });
});

describe('EqualCurve', () => {
  const methodOf = (spec: string) => {
    const method = pathMethod(createMethod(spec));
    if (method === undefined) throw new Error(`${spec} draws no paths`);
    return method;
  };

  it('is the mean over subsets where all paths were drawn', async () => {
    const curve = new EqualCurve(methodOf('self-consistency:n=3'));
    await curve.add(result(paths('wrong', 'right', 'right'), 1), grade);
    const points = curve.points();
    expect(points?.map(({ n, tokensPerQuestion }) => [n, tokensPerQuestion])).toEqual([
      [1, 100 / 3],
      [2, 200 / 3],
      [3, 100],
    ]);
    // Of two, only the pair without the wrong path is right: ties go to the first.
    expect(points?.map(({ accuracy }) => accuracy)).toEqual([2 / 3, 1 / 3, 1]);
  });

  it('is the beginning where the method stopped early', async () => {
    const curve = new EqualCurve(methodOf('self-consistency:n=3,stop=certain'));
    await curve.add(result(paths('right', 'right'), 1), grade);
    await curve.add(result(paths('wrong', 'right', 'right'), 1, { sampleId: 'u' }), grade);
    expect(curve.points()?.map(({ accuracy, tokensPerQuestion }) => [accuracy, tokensPerQuestion])).toEqual([
      [1 / 2, (50 + 100 / 3) / 2],
      [1 / 2, (100 + 200 / 3) / 2],
      [1, 100],
    ]);
  });

  it('counts failed questions as wrong and leaves out those that cannot be judged', async () => {
    const curve = new EqualCurve(methodOf('best-of-n:n=1,verify=rollouts'));
    await curve.add(result(paths('right'), 1), grade);
    await curve.add(result([], 0, { status: 'failed', scores: {}, sampleId: 'u' }), grade);
    await curve.add(result(paths('unjudged'), 1, { sampleId: 'v' }), grade);
    expect(curve.points()).toMatchObject([{ n: 1, accuracy: 1 / 2 }]);
    expect(pathMethod(createMethod('direct'))).toBeUndefined();
  });

  it('draws few of many subsets, the same each time', () => {
    expect(subsets(5, 2, 'x').length).toBe(10);
    const drawn = subsets(40, 20, 'x');
    expect(drawn.length).toBe(64);
    expect(drawn).toEqual(subsets(40, 20, 'x'));
    for (const subset of drawn) {
      expect(new Set(subset).size).toBe(20);
      expect(subset).toEqual(subset.toSorted((a, b) => a - b));
    }
    expect(sizesUpTo(40)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 25, 32, 40]);
  });
});

describe('parseMethods', () => {
  it('gives options behind a comma to the method before them', () => {
    expect(parseMethods('direct, self-consistency:n=5,temperature=1,best-of-n,accept=0.9,stepco')).toEqual([
      'direct',
      'self-consistency:n=5,temperature=1',
      'best-of-n:accept=0.9',
      'stepco',
    ]);
  });

  it.each(['', 'direct', 'n=5,direct', 'direct,direct'])('refuses %j', (text) => {
    expect(() => parseMethods(text)).toThrow();
  });
});
