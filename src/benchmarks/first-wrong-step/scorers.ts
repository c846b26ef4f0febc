import type { Aggregate, Sample, Score, Scorer } from '../../core/index.ts';
import { gradeStrict } from '../../metrics/math/index.ts';
import { pythonFloat } from '../../metrics/python/index.ts';
import type { StepCase } from './data/step-case.ts';
import { type Location, readLocation } from './read-reply.ts';

export type StepMode = 'strict' | 'reference';

type ById = ReadonlyMap<string, StepCase>;

interface Verdict {
  readonly hit: boolean;
  readonly parsed: boolean;
  readonly answer: string;
  readonly explanation: string;
}

/** In `reference` as the released code compares: both as floats of Python. */
function sameAnswer(given: string, right: string | number, mode: StepMode): boolean {
  if (mode === 'strict') return gradeStrict(given, String(right), { kind: 'number' }).right;
  const [a, b] = [pythonFloat(given), typeof right === 'number' ? right : pythonFloat(right)];
  return a !== undefined && b !== undefined ? a === b : given === right;
}

/** A reply that gives a corrected answer and no step is judged by that answer, as EIC's correction results are. */
function verdictOf(found: Location, { wrongStep, rightAnswer }: StepCase, correct: boolean, mode: StepMode): Verdict {
  const expected = wrongStep === null ? 'none' : String(wrongStep);
  const byAnswer = rightAnswer !== undefined && (correct || found.step === null);
  if (byAnswer && (found.corrected !== null || correct || found.flagged !== null)) {
    const given = found.corrected ?? 'none';
    const hit = found.corrected !== null && sameAnswer(found.corrected, rightAnswer, mode);
    const parsed = found.corrected !== null || found.flagged !== null;
    return { hit, parsed, answer: given, explanation: `corrected to ${given}; the right answer is ${rightAnswer}` };
  }
  if (found.step === null) {
    return { hit: false, parsed: false, answer: '', explanation: 'the reply names no step' };
  }
  const said = String(found.step);
  return { hit: said === expected, parsed: true, answer: said, explanation: `step ${said}; ${expected} is expected` };
}

export interface ScorerOptions {
  readonly mode: StepMode;
  readonly correct: boolean;
  /** Number of the first step in boxes. */
  readonly base: 0 | 1;
}

/**
 * `accuracy`: the first wrong step was found, or the answer put right. `flagged-accuracy`: and the solution was called
 * wrong. `detection`: it was rightly called wrong or right.
 */
export function stepScorers(byId: ById, { mode, correct, base }: ScorerOptions): [Scorer, ...Scorer[]] {
  const scorer = (name: string, valueOf: (found: Location, one: StepCase, verdict: Verdict) => boolean): Scorer => ({
    name,
    extract(text) {
      const { step } = readLocation(text, base);
      return step === null ? null : String(step);
    },
    score({ text }, sample: Sample): Score {
      const one = byId.get(sample.id);
      if (one === undefined) throw new RangeError(`There is no case with the id ${sample.id}.`);
      const found = readLocation(text, base);
      const verdict = verdictOf(found, one, correct, mode);
      const value = valueOf(found, one, verdict) ? 1 : 0;
      const side = one.wrongStep === null ? 'right' : 'wrong';
      return {
        value,
        parsed: verdict.parsed,
        explanation: verdict.explanation,
        counts: { [side]: 1, [`${side}-hit`]: value },
        ...(verdict.answer !== '' && { answer: verdict.answer }),
      };
    },
  });
  return [
    scorer('accuracy', (_, __, { hit }) => hit),
    scorer('flagged-accuracy', ({ flagged }, { wrongStep }, { hit }) => hit && flagged === (wrongStep !== null)),
    scorer('detection', ({ flagged }, { wrongStep }) => flagged === (wrongStep !== null)),
  ];
}

/**
 * ProcessBench's figure (arXiv 2412.06559, section 4): the harmonic mean of the accuracy on solutions with a wrong step
 * and of that on solutions without. Null where one kind is missing.
 */
export const harmonicMean: Aggregate = {
  name: 'F1',
  compute(scores) {
    const sum = { wrong: 0, right: 0, 'wrong-hit': 0, 'right-hit': 0 };
    for (const { counts } of scores) {
      for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += counts?.[name] ?? 0;
    }
    if (sum.wrong === 0 || sum.right === 0) return null;
    const [onWrong, onRight] = [sum['wrong-hit'] / sum.wrong, sum['right-hit'] / sum.right];
    return onWrong + onRight === 0 ? 0 : (2 * onWrong * onRight) / (onWrong + onRight);
  },
};
