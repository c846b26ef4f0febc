import { describe, expect, it } from 'vitest';
import { readLocation } from './read-reply.ts';

describe('readLocation', () => {
  it.each<[string, number | 'none' | null, boolean | null, string | null]>([
    ['First wrong step: 3', 3, true, null],
    ['Step 1 looks fine.\n**First wrong step: Step 2**', 2, true, null],
    ['The first incorrect step is 4.\nFirst wrong step: none', 'none', false, null],
    ['First wrong step: 2\nCorrected answer: $1,200', 2, true, '$1,200'],
    ['First wrong step: none\nCorrected answer: none', 'none', false, null],
    ['<think>First wrong step: 1</think>First wrong step: 5', 5, true, null],
    ['3', 3, true, null],
    ['None.', 'none', false, null],
    ['So it is \\boxed{2}', 2, true, null],
    ['Step 3 has a wrong product.', null, null, null],
    ['', null, null, null],
    ['{"is_correct":"no","pred_wrong_step":2}', 2, true, null],
    ['{"is_correct":"no","pred_wrong_step":66.5}', 66.5, true, null],
    ['{"is_correct":"yes","pred_wrong_step":"none"}', 'none', false, null],
    ['```json\n{"is_correct": false, "corrected_answer": 12.0}\n```', null, true, '12'],
    ['{"is_correct":"yes","corrected_answer":"none"}', null, false, null],
    ['{"pred_wrong_step":', null, null, null],
  ])('reads %j', (reply, step, flagged, corrected) => {
    expect(readLocation(reply)).toEqual({ step, flagged, corrected });
  });

  it('reads boxes that count from 0 where they do', () => {
    expect(readLocation('\\boxed{0}', 0).step).toBe(1);
    expect(readLocation('\\boxed{-1}', 0)).toMatchObject({ step: 'none', flagged: false });
  });

  it('takes no long time over replies made to be slow', () => {
    for (const text of ['first wrong step '.repeat(20_000), '\\boxed{'.repeat(30_000), `{${'"a":['.repeat(50_000)}`]) {
      expect(readLocation(text).step).toBeNull();
    }
  });
});
