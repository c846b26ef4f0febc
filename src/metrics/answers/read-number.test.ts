import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findNumbers } from './find-numbers.ts';
import { numbersAgree, readNumber } from './read-number.ts';

function values(text: string, decimal?: 'point' | 'comma'): number[] {
  return findNumbers(text, decimal === undefined ? {} : { decimal }).map(({ value }) => value);
}

test.each([
  ['1,234.50', [1234.5]],
  ["1'000'000", [1_000_000]],
  ['.5 and 5.', [0.5, 5]],
  ['-7, +8, −9, x=-3', [-7, 8, -9, -3]],
  ['-$1,000 and $-5', [-1000, -5]],
  ['1e3, 2.5E-4, 2 × 10^3, 3x10^{-2}', [1000, 0.00025, 2000, 0.03]],
  ['3/4 of 9', [0.75, 9]],
  ['€1.2bn, 12k, 5 million, 3万', [1.2e9, 12_000, 5e6, 30_000]],
  ['１２３ kg', [123]],
  ['10-20', [10, 20]],
  ['5 - 3', [5, 3]],
  ['the 2nd of 3', [2, 3]],
])('%s', (text, expected) => {
  expect(values(text)).toEqual(expected);
});

test.each(['A1', 'x2y', 'v1.2.3', '12,34', '1,5', '1/2/2024', '1/0', '3e400', '1,2,3', '', 'none'])(
  'no number in %j',
  (text) => {
    expect(values(text)).toEqual([]);
  },
);

test('comma decimals where the caller says so', () => {
  expect(values('1.234,5 und 0,25', 'comma')).toEqual([1234.5, 0.25]);
  expect(values('1.000,5')).toEqual([]);
});

test('percent, currency and unit are told apart', () => {
  expect(findNumbers('12.5 percent')[0]).toMatchObject({ value: 12.5, percent: true });
  expect(findNumbers('usd 5')[0]).toMatchObject({ value: 5, currency: 'USD' });
  expect(findNumbers('100 EUR')[0]).toMatchObject({ currency: 'EUR' });
  expect(findNumbers('60 km/h')[0]).toMatchObject({ unit: 'km/h', raw: '60 km/h' });
  expect(findNumbers('5kg')[0]).toMatchObject({ unit: 'kg' });
  expect(findNumbers('5 apples')[0]).not.toHaveProperty('unit');
});

test('every JSON number is read back', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(values(` ${String(value)} `)).toEqual([value === 0 ? 0 : value]);
    }),
  );
});

test('the answer is what stands after the last cue', () => {
  expect(readNumber('I get 5, then 7. The answer is $1,200.').number?.value).toBe(1200);
  expect(readNumber('Answer: 3\nNo: the answer is 4 of 9').number?.value).toBe(4);
  expect(readNumber(String.raw`so \boxed{3/4}`).number?.value).toBe(0.75);
  expect(readNumber('1 + 1\n#### 2').number?.value).toBe(2);
  expect(readNumber('答案是：42').number?.value).toBe(42);
});

test('one number is the answer, two are not', () => {
  expect(readNumber('It is 12%, yes 12%')).toMatchObject({ number: { value: 12, percent: true } });
  expect(readNumber('12 or 13')).toEqual({ number: null, explanation: '2 numbers and no answer cue' });
  expect(readNumber('12 or 13', { severalTake: 'last' }).number?.value).toBe(13);
  expect(readNumber('12 or 13', { severalTake: 'first' }).number?.value).toBe(12);
  expect(readNumber('no idea')).toEqual({ number: null, explanation: 'no number in the reply' });
});

test('agreement within tolerance', () => {
  expect(numbersAgree(0.1 + 0.2, 0.3)).toBe(true);
  expect(numbersAgree(104, 100)).toBe(false);
  expect(numbersAgree(104, 100, { relative: 0.05 })).toBe(true);
  expect(numbersAgree(100.4, 100, { absolute: 0.5 })).toBe(true);
  expect(() => numbersAgree(1, 1, { absolute: -1 })).toThrow(RangeError);
});

test('a percent sign that one side lacks', () => {
  const percent = findNumbers('50%')[0]!;
  expect(numbersAgree(percent, 0.5)).toBe(true);
  expect(numbersAgree(percent, 50)).toBe(true);
  expect(numbersAgree(percent, 50, { percent: 'same' })).toBe(false);
  expect(numbersAgree(percent, percent)).toBe(true);
});

test('units and currencies', () => {
  const [kilograms, pounds, bare] = findNumbers('5kg, 5lb, 5');
  expect(numbersAgree(kilograms!, pounds!)).toBe(true);
  expect(numbersAgree(kilograms!, pounds!, { unit: 'same' })).toBe(false);
  expect(numbersAgree(kilograms!, bare!, { unit: 'same' })).toBe(true);
});

test('hostile texts take no time and throw nothing', () => {
  for (const part of ['1,', '1/', '-', '1 ', '111,', "1'", '.', '$', 'answer is ', '٣', '\ud800']) {
    expect(() => readNumber(part.repeat(20_000))).not.toThrow();
  }
});
