import fc from 'fast-check';
import { expect, it } from 'vitest';
import { setRouge } from './set-rouge.ts';

it('counts a repeated word once', () => {
  expect(setRouge('the the the', 'the')?.rouge1).toEqual({
    precision: 1,
    recall: 1,
    f1: expect.closeTo(1, 7) as number,
  });
});

it('is undefined where the package raises', () => {
  for (const empty of ['', '.', '...']) {
    expect(setRouge(empty, 'x')).toBeUndefined();
    expect(setRouge('x', empty)).toBeUndefined();
  }
  // White space between points is a sentence of one empty word.
  expect(setRouge(' . ', 'x')?.rouge1.f1).toBe(0);
});

it('divides sentences at points, also within numbers', () => {
  expect(setRouge('3.5', '3. 5')?.rougeL.recall).toBe(1);
  expect(setRouge('Ab', 'ab')?.rouge1.recall).toBe(0);
});

it('is 1 but for the added term for a text and itself', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(words, (list) => {
      const found = setRouge(list.join(' '), list.join(' '));
      for (const score of [found?.rouge1, found?.rouge2, found?.rougeL]) expect(score?.f1).toBeCloseTo(1, 7);
    }),
  );
});
