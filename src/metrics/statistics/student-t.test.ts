import { describe, expect, it } from 'vitest';
import { studentInterval, studentQuantile } from './student-t.ts';

describe('studentQuantile', () => {
  // scipy.stats.t.ppf at 0.6, 0.95, 0.975, 0.995, 0.01
  it.each([
    [1, [0.32491969623290634, 6.313751514675037, 12.706204736174694, 63.656741162871526, -31.82051595377396]],
    [2, [0.2886751345948128, 2.9199855803537242, 4.302652729749462, 9.924843200918287, -6.964556734283274]],
    [3, [0.2766706623326898, 2.3533634348018233, 3.1824463052837078, 5.840909309733355, -4.5407028585681335]],
    [4, [0.2707222947075976, 2.1318467863266495, 2.7764451051977934, 4.604094871349992, -3.746947387979197]],
    [8, [0.26192109674883235, 1.8595480375308973, 2.306004135204166, 3.355387331333395, -2.8964594477096224]],
    [29, [0.25568363457125604, 1.6991270265334972, 2.045229642132703, 2.756385903670605, -2.4620213601504126]],
    [120, [0.25390952321492877, 1.6576508993552352, 1.9799304050824402, 2.6174211451068654, -2.3578246126487556]],
  ])('equals scipy with %i degrees of freedom', (df, expected) => {
    [0.6, 0.95, 0.975, 0.995, 0.01].forEach((probability, i) => {
      const want = expected[i] as number;
      expect(Math.abs(studentQuantile(probability, df) - want)).toBeLessThan(1e-10 * Math.max(1, Math.abs(want)));
    });
  });

  it('is 0 in the middle and refuses what is no question', () => {
    expect(studentQuantile(0.5, 3)).toBe(0);
    expect(() => studentQuantile(1, 3)).toThrow(RangeError);
    expect(() => studentQuantile(0.5, 0)).toThrow(RangeError);
    expect(() => studentQuantile(0.5, 2.5)).toThrow(RangeError);
  });
});

describe('studentInterval', () => {
  // scipy.stats.t.interval(0.95, n - 1, loc=mean, scale=sem)
  it.each([
    [[0, 0.02, 0.04], -0.0296827542350066, 0.0696827542350066],
    [[0.61, 0.64, 0.6, 0.66, 0.63], 0.5983556783493338, 0.6576443216506662],
    [[0.1, 0.3], -1.0706204736174694, 1.4706204736174693],
  ])('equals scipy for %j', (values, low, high) => {
    expect(studentInterval(values)?.low).toBeCloseTo(low, 12);
    expect(studentInterval(values)?.high).toBeCloseTo(high, 12);
  });

  it('says nothing of a single value', () => {
    expect(studentInterval([0.4])).toBeNull();
    expect(() => studentInterval([0.4, Number.NaN])).toThrow('not a finite number');
  });
});
