import { describe, expect, it } from 'vitest';
import { studentInterval } from '../../metrics/index.ts';
import { makeExperiment } from './__fixtures__/experiment.ts';
import type { ArmOutcome, UnlearningExperiment } from './experiment.ts';
import { seedFigure } from './seed-figure.ts';
import { summarizeArms } from './summarize-arms.ts';

/** Two concepts, two seeds, an original and a method; [correct forget of 100, correct retain of 1000]. */
function small(method: readonly (readonly [forget: number, retain: number])[]): UnlearningExperiment {
  const experiment = makeExperiment({ concepts: ['a', 'b'], seeds: [0, 1], classes: 3 });
  const places = ['a', 'b'].flatMap((concept) => [0, 1].map((seed) => ({ concept, seed })));
  const outcome = (arm: string, i: number, [forget, retain]: readonly [number, number]): ArmOutcome => ({
    ...(experiment.outcomes[0] as ArmOutcome),
    ...(places[i] as { concept: string; seed: number }),
    arm,
    measures: {
      matchedCosine: { forget: 0, retain: 0 },
      zeroShot: {
        forget: { correct: forget, n: 100 },
        retain: { correct: retain, n: 1000 },
        perClass: {},
        prompts: {},
      },
    },
  });
  return {
    ...experiment,
    outcomes: [
      ...places.map((_, i) => outcome('original', i, [80, 500])),
      ...method.map((figures, i) => outcome('f+r+c', i, figures)),
    ],
  };
}

const armOf = (experiment: UnlearningExperiment, name = 'f+r+c') => {
  const found = summarizeArms(experiment).arms.find(({ arm }) => arm.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

describe('seedFigure', () => {
  it('takes means over concepts first, then Student over seeds', () => {
    const figure = seedFigure([
      { concept: 'a', seed: 0, value: 0.1 },
      { concept: 'b', seed: 0, value: 0.3 },
      { concept: 'a', seed: 1, value: 0.3 },
      { concept: 'b', seed: 1, value: 0.5 },
      { concept: 'a', seed: 2, value: 0.3 },
    ]);
    const expected = studentInterval([0.2, 0.4, 0.3]);
    expect(figure).toMatchObject({ seeds: 3, concepts: 2, method: 'student' });
    expect(figure?.mean).toBeCloseTo(0.3, 12);
    expect(figure?.interval?.[0]).toBeCloseTo(expected?.low ?? Number.NaN, 12);
    expect(figure?.interval?.[1]).toBeCloseTo(expected?.high ?? Number.NaN, 12);
  });

  it('claims no certainty where seeds do not differ', () => {
    const same = [0, 1, 2].map((seed) => ({ concept: 'a', seed, value: 0, items: 50 }));
    expect(seedFigure(same)).toMatchObject({ mean: 0, method: 'wilson' });
    expect(seedFigure(same)?.interval?.[0]).toBe(0);
    // 0 of 50: z² / (n + z²)
    expect(seedFigure(same)?.interval?.[1]).toBeCloseTo(3.8414588 / 53.8414588, 6);
    expect(seedFigure([{ concept: 'a', seed: 0, value: 0.4 }])).toMatchObject({ interval: null, method: null });
    expect(seedFigure([])).toBeNull();
  });

  it('cuts the interval to what the figure can be', () => {
    const values = [0, 0.02, 0.04].map((value, seed) => ({ concept: 'a', seed, value, items: 50 }));
    expect(seedFigure(values, [0, 1])?.interval?.[0]).toBe(0);
  });
});

describe('summarizeArms', () => {
  it('checks the targets of every concept and seed and says why not', () => {
    const { checks, figures } = armOf(
      small([
        [2, 490],
        [3, 495],
        [0, 489],
        [1, 510],
      ]),
    );
    expect(checks.map(({ holds }) => holds)).toEqual([true, false, false, true]);
    expect(checks[1]?.reasons).toEqual(['forget 3.0 %, more than 2.0 %']);
    expect(checks[2]?.reasons).toEqual(['retain 48.9 % is 97.80 % of what it was, less than 98.0 %']);
    expect(checks[0]).toMatchObject({ forgetBefore: 0.8, retainBefore: 0.5, retainKept: 0.98 });
    expect(figures.forget?.mean).toBeCloseTo(0.015, 12);
    expect(figures.retainKept?.mean).toBeCloseTo((490 + 495 + 489 + 510) / 2000, 12);
  });

  it('takes other targets', () => {
    const [summary] = [summarizeArms(small([[3, 480]]), { forgetAtMost: 0.03, retainKeptAtLeast: 0.96 })];
    expect(summary.method?.checks[0]?.holds).toBe(true);
  });

  it('lists what is missing with its reason', () => {
    const experiment = {
      ...small([[2, 490]]),
      failures: [{ concept: 'b', arm: 'f+r+c', seed: 1, reason: 'the loss became not a number' }],
    };
    expect(armOf(experiment).missing).toEqual([
      { concept: 'a', seed: 1, reason: 'not run' },
      { concept: 'b', seed: 0, reason: 'not run' },
      { concept: 'b', seed: 1, reason: 'the loss became not a number' },
    ]);
    expect(armOf(experiment, 'original').missing).toEqual([]);
  });

  it('pairs gaps with the retrained model of the same concept and seed', () => {
    const experiment = small([
      [2, 490],
      [2, 490],
      [2, 490],
      [2, 490],
    ]);
    const retrained = experiment.outcomes
      .filter(({ arm }) => arm === 'f+r+c')
      .map((outcome, i) => ({
        ...outcome,
        arm: 'retrained',
        measures: {
          ...outcome.measures,
          zeroShot: { forget: { correct: i, n: 100 }, retain: { correct: 500, n: 1000 }, perClass: {}, prompts: {} },
        },
      }));
    const { figures } = armOf({ ...experiment, outcomes: [...experiment.outcomes, ...retrained] });
    expect(figures.forgetGap?.mean).toBeCloseTo(0.005, 12);
    expect(figures.retainGap?.mean).toBeCloseTo(-0.01, 12);
  });

  it('judges by recall at 10 where nothing has classes', () => {
    const summary = summarizeArms(makeExperiment({ zeroShot: false, retrieval: true }));
    expect(summary.measure.name).toBe('text-to-image recall at 10');
    expect(summary.method?.arm.name).toBe('f+r+c');
    expect(summary.original?.figures.forget?.mean).toBeGreaterThan(0.5);
  });

  it('refuses outcomes of arms that are not listed', () => {
    expect(() => summarizeArms({ ...small([]), arms: [] })).toThrow('which the experiment lacks');
  });
});
