import { describe, expect, it } from 'vitest';
import { gradePrm800k } from './index.ts';
import { golden, math500, present, qwenRows } from './testing/stepco-data.ts';

describe('gradePrm800k', () => {
  it.each([
    ['x^2+2x+1', '(x+1)^2', true],
    ['\\sqrt{8}', '2\\sqrt{2}', true],
    ['4/2', '2', false],
    ['0.50', '\\frac{1}{2}', true],
    ['1e3', '1000', true],
    ['\\dfrac{1}{2}', '1/2', true],
    ['\\text{Tuesday}', 'tuesday', true],
    ['5 cm', '5', true],
    ['x+y', 'y+x', true],
    ['x+y+z', 'z+y+x', false], // three letters are more than the released code allows
    ['(x+1)/(x+1)', '1', false], // an integer must be written as one
    ['\\frac{\\sqrt{2}}{2}', '\\frac{1}{\\sqrt{2}}', true],
    ['', '5', false],
    [null, '5', false],
    ['sqrt(x^2)', 'x', false], // symbols are complex
    ['[1, 2)', '[1,2)', true],
    ['(1/2, 3)', '(0.5,3)', true],
  ] as const)('%s for %s: %s', (given, gold, right) => {
    expect(gradePrm800k(given, gold)).toBe(right);
  });

  it.skipIf(!present)('grades made-up pairs, gold answers and predictions alike', () => {
    const { grade_answer_made_up: pairs, qwen_math_cot_100: qwen } = golden().math_grading;
    for (const { given, truth, grade } of pairs)
      expect([given, truth, gradePrm800k(given, truth)]).toEqual([given, truth, grade]);
    expect(math500().filter((answer) => gradePrm800k(answer, answer))).toHaveLength(500);
    let agreed = 0;
    for (const [i, { pred, gt, score }] of qwenRows().entries()) {
      const verdicts = pred.map((answer) => gradePrm800k(answer, gt));
      agreed += verdicts.filter((verdict, j) => verdict === score[j]).length;
      const expected = qwen.prm800k_verdicts_per_problem[i];
      if (typeof expected === 'string') expect([i, verdicts.map(Number).join('')]).toEqual([i, expected]);
    }
    expect(agreed).toBe(799);
  });
});
