import { describe, expect, it } from 'vitest';
import { accuracyTokensFigure, methodsFigureFile } from './accuracy-tokens-figure.ts';
import type { CallFigures, MethodFigures, MethodsComparison } from './methods-comparison.ts';
import { methodsReport } from './methods-report.ts';
import { renderMethods } from './methods-table.ts';
import { paretoFront } from './pareto.ts';

const calls: CallFigures = { calls: 1200, inputTokens: 123_456, outputTokens: 23_456, latencyMs: 125_000 };

const method = (
  spec: string,
  accuracy: number | null,
  tokens: number | null,
  more: Partial<MethodFigures> = {},
): MethodFigures => ({
  spec,
  run: '20261124-104502-k3f9',
  state: 'completed',
  questions: 40,
  failed: 0,
  unparsed: 1,
  accuracy,
  interval: accuracy === null ? null : [accuracy - 0.1, accuracy + 0.1],
  usage: {
    alone: { ...calls, cost: 1.5 },
    paid: { ...calls, cost: 0.5 },
    roles: { main: calls, verifier: calls, judge: calls },
  },
  wallSeconds: 75,
  tokensPerQuestion: tokens,
  onFront: false,
  tasks: {},
  ...more,
});

const comparison = (methods: readonly MethodFigures[], more: Partial<MethodsComparison> = {}): MethodsComparison => ({
  comparison: 'c-1',
  benchmark: 'gsm8k',
  mode: 'strict',
  models: { main: 'openai:x' },
  seed: 0,
  epochs: 1,
  createdAt: 0,
  shared: true,
  methods,
  missing: [],
  notes: [],
  ...more,
});

describe('paretoFront', () => {
  it('marks what nothing beats at the same or fewer tokens', () => {
    const points = [
      [0.5, 10],
      [0.5, 20],
      [0.7, 30],
      [0.6, 30],
      [null, 1],
      [0.9, null],
      [0.7, 30],
    ] as const;
    expect(paretoFront(points.map(([accuracy, tokensPerQuestion]) => ({ accuracy, tokensPerQuestion })))).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
      true,
    ]);
  });
});

describe('the figure', () => {
  it('keeps labels apart, also where methods lie close together', () => {
    const close = Array.from({ length: 7 }, (_, i) =>
      method(`self-consistency:n=${i + 1}`, 0.7 + 0.004 * i, 1000 + 30 * i),
    );
    const svg = methodsFigureFile(comparison(close));
    const labels = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)">(self[^<]*)<\/text>/g)].map(([, x, y, text]) => ({
      x: Number(x),
      y: Number(y),
      width: 7 * (text ?? '').length,
    }));
    expect(labels.length).toBe(7);
    for (const [i, a] of labels.entries()) {
      for (const b of labels.slice(i + 1)) {
        const apart = Math.abs(a.y - b.y) >= 15 || a.x + a.width <= b.x || b.x + b.width <= a.x;
        expect(apart, `${JSON.stringify(a)} ${JSON.stringify(b)}`).toBe(true);
      }
    }
  });

  it('draws fewer paths on a curve and more tokens further right', () => {
    const point = (n: number) => ({ n, tokensPerQuestion: 100 * n, accuracy: 0.4 + 0.05 * n, interval: null });
    const svg = methodsFigureFile(
      comparison([
        method('direct', 0.4, 100),
        method('self-consistency:n=4', 0.6, 400, { curve: [1, 2, 3, 4].map(point) }),
      ]),
    );
    const dots = [...svg.matchAll(/class="fewer" cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(dots.length).toBe(4);
    expect(dots.map(([x]) => x)).toEqual(dots.map(([x]) => x).toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    // A logarithmic axis: twice the tokens is the same way, wherever it begins.
    const [one, two, , four] = dots.map(([x]) => x ?? 0) as [number, number, number, number];
    expect(four - two).toBeCloseTo(two - one, 0);
    expect(svg).not.toContain('var(');
  });

  it('draws nothing where an endpoint tells no tokens, and says so in the file', () => {
    const silent = comparison([method('direct', 0.5, 0), method('stepco', null, 100)]);
    expect(accuracyTokensFigure(silent)).toBeNull();
    expect(methodsFigureFile(silent)).toContain('No method has both');
  });
});

describe('tables and page', () => {
  const hostile = '<img src=x onerror=alert(1)>\u001b[31m';
  const whole = comparison(
    [
      method('direct', 0.5, 100, { onFront: true }),
      method(`self-correct:cue=${hostile}`, 0.45, 300, {
        difference: {
          n: 40,
          first: 0.5,
          second: 0.45,
          difference: -0.05,
          interval: [-0.15, 0.05],
          pValue: 0.5,
          test: 'McNemar exact',
          detectable: 0.2,
          firstBetter: 4,
          secondBetter: 2,
        },
        rounds: {
          questions: 40,
          firstAccuracy: 0.5,
          rounds: [{ round: 1, questions: 40, rightBefore: 20, rightToWrong: 4, wrongToRight: 2, accuracy: 0.45 }],
          whole: { rightBefore: 20, rightToWrong: 4, wrongBefore: 20, wrongToRight: 2 },
        },
        tasks: { a: { n: 20, score: 0.4, interval: null }, b: { n: 20, score: 0.5, interval: [0.3, 0.7] } },
      }),
    ],
    { missing: ['stepco'], notes: [hostile] },
  );

  it.each([60, 80, 120])('fit %i columns and hold no control characters', (width) => {
    const text = renderMethods(whole, { width });
    // eslint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    if (width >= 80) for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
    expect(text).toContain('not started: stepco');
    expect(text).toContain('4 of 20 (20 %)');
    expect(text).toMatch(/2 min 05 s/);
  });

  it('escape what others have written', () => {
    const page = methodsReport(whole);
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img');
    expect(page).toContain('What revisions change');
    expect(page).toContain('By task');
    expect(methodsFigureFile(whole)).not.toContain('<img');
  });
});
