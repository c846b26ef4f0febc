import { describe, expect, it } from 'vitest';
import { gradeStrict, majority, meanAt, passAt, passAtUnbiased, rewardMax } from './index.ts';
import { golden, present, qwenRows } from './testing/stepco-data.ts';

describe('votes', () => {
  it('lets the class that was seen first win ties, and nulls abstain', () => {
    expect(majority(['b', 'a', 'a', 'b'])).toBe(0);
    expect(majority(['b', 'a', 'a', 'b'], { k: 3 })).toBe(1);
    expect(majority([null, null, 'a'])).toBe(2);
    expect(majority([null])).toBeNull();
    expect(majority([])).toBeNull();
    expect(majority(['a', 'b', 'b'], { weights: [3, 1, 1] })).toBe(0);
    expect(() => majority(['a'], { k: 2 })).toThrow(RangeError);
  });

  it('joins answers that mean the same', () => {
    const same = (a: string, b: string): boolean => gradeStrict(a, b).right;
    expect(majority(['3', '0.5', '\\frac12', '3', '1/2'], { same })).toBe(1);
  });

  it('takes the first of the highest rewards and never NaN', () => {
    expect(rewardMax([1, 3, 3])).toBe(1);
    expect(rewardMax([NaN, -2, -3])).toBe(1);
    expect(rewardMax([NaN])).toBeNull();
  });

  it('estimates pass@k from n answers', () => {
    expect(passAtUnbiased([true, false, false, false], 1)).toBeCloseTo(0.25);
    expect(passAtUnbiased([true, false, false, false], 2)).toBeCloseTo(0.5);
    expect(passAtUnbiased([true, true, true, false], 2)).toBe(1);
    expect(passAt([false, true], 1)).toBe(0);
    expect(meanAt([true, false])).toBe(0.5);
  });
});

describe.skipIf(!present)('votes over the released paths of Qwen2.5-Math', () => {
  const rows = present ? qwenRows() : [];
  const percent = (hits: number[]): number => (100 * hits.reduce((sum, hit) => sum + hit, 0)) / rows.length;
  const expected = present ? golden().math_grading.qwen_math_cot_100 : undefined;
  const chosen = (pick: (row: (typeof rows)[number]) => number | null): number =>
    percent(rows.map((row) => Number(row.score[pick(row) ?? -1] ?? false)));

  it.each([1, 2, 4, 8])('maj@%i and rm@%i', (k) => {
    expect(chosen(({ pred }) => majority(pred, { k }))).toBeCloseTo(expected?.['maj@k'][k] as number);
    expect(chosen(({ pred_score }) => rewardMax(pred_score, k))).toBeCloseTo(expected?.['rm@k'][k] as number);
  });

  it('maj@8 = 93, rm@8 = 94, pass@8 = 96, mean@8 = 91', () => {
    expect(chosen(({ pred }) => majority(pred))).toBeCloseTo(93);
    expect(chosen(({ pred_score }) => rewardMax(pred_score))).toBeCloseTo(94);
    expect(percent(rows.map(({ score }) => passAt(score)))).toBeCloseTo(96);
    expect(percent(rows.map(({ score }) => passAtUnbiased(score, 8)))).toBeCloseTo(96);
    expect(percent(rows.map(({ score }) => meanAt(score)))).toBeCloseTo(expected?.['mean@8'] as number);
  });

  it('never loses by joining answers that mean the same', () => {
    const same = (a: string, b: string): boolean => gradeStrict(a, b).right;
    expect(chosen(({ pred }) => majority(pred, { same }))).toBeGreaterThanOrEqual(93);
  });
});
