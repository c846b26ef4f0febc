import { describe, expect, it } from 'vitest';
import {
  decimalValue,
  firstCharacter,
  isAlphanumeric,
  isNumeric,
  isPythonBlank,
  isPythonFloat,
  pythonInt,
  pythonStrip,
  stripCharacter,
} from './index.ts';

// Every expectation in this file is what CPython 3.11 answered.

describe('pythonInt', () => {
  it.each([
    ['3', 3],
    ['+3', 3],
    ['-0', 0],
    [' 07\t', 7],
    ['1_0', 10],
    ['３', 3],
    ['٣٣', 33],
    ['𝟑', 3],
    ['-３', -3],
    ['3\u0085', 3],
    ['\u00a03', 3],
    ['\u30003\u2028', 3],
    ['\v3\f', 3],
  ])('reads %j', (text, value) => expect(pythonInt(text)).toBe(value));

  it.each([
    '',
    '+',
    '--3',
    '- 3',
    '1__0',
    '_1',
    '1_',
    '1.0',
    '1e3',
    '0x1',
    '½',
    '²',
    '−3',
    '\u001c3',
    '\ufeff3',
    '\u200b3',
  ])('refuses %j', (text) => expect(pythonInt(text)).toBeUndefined());

  it('refuses more than 4,300 digits, leading zeros included', () => {
    expect(pythonInt('1'.repeat(4300))).toBe(Infinity);
    expect(pythonInt('0'.repeat(4301))).toBeUndefined();
  });
});

it('isPythonFloat accepts what float() accepts', () => {
  for (const text of [
    '1',
    ' 2 ',
    '1.',
    '.5',
    '1e3',
    '-inf',
    'Infinity',
    'nan',
    '1_0.0_1',
    '１.５',
    '007',
    '+1',
    '1e1_0',
  ]) {
    expect(isPythonFloat(text), text).toBe(true);
  }
  for (const text of ['', '.', '1e', '1._0', '1_.0', '0x10', '1,000', '½', '\u001c1', 'infinit', '١٫٥', 'None']) {
    expect(isPythonFloat(text), text).toBe(false);
  }
});

it('knows white space as str.isspace does', () => {
  expect(pythonStrip('\u001c\u0085 \u30003\u00a0\u001f')).toBe('3');
  expect(pythonStrip('\ufeff3\u200b')).toBe('\ufeff3\u200b');
  expect(isPythonBlank('\u2028\t')).toBe(true);
  expect(stripCharacter('  \n3  ', ' ')).toBe('\n3');
  expect(firstCharacter('𝟑x')).toBe('𝟑');
});

it('knows numeric characters as str.isnumeric does', () => {
  for (const character of ['0', '９', '٣', '½', '²', 'Ⅷ', '①', '三', '𝟑', '卅'])
    expect(isNumeric(character), character).toBe(true);
  for (const character of ['a', '-', ' ', '木', '.']) expect(isNumeric(character), character).toBe(false);
  expect(decimalValue('𝟡')).toBe(9);
  expect(decimalValue('²')).toBeUndefined();
  expect(isAlphanumeric('あ')).toBe(true);
  expect(isAlphanumeric('(')).toBe(false);
});
