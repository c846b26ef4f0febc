import type { Scorer } from '../../../core/index.ts';

/** A judge model's verdict on the reply, named `judge`; no value where there is no judge. */
export function createJudgeScorer(): Scorer {
  return { name: 'judge', score: () => ({ value: null, parsed: true, reason: 'no judge: name one with --judge' }) };
}
