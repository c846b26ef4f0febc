import { describe, expect, it } from 'vitest';
import { readChoice } from './choice.ts';
import { plainSigns, withoutThoughts } from './clean.ts';
import { readEntities } from './entities.ts';
import { readNumberList } from './number-list.ts';

describe('withoutThoughts', () => {
  it.each([
    ['<think>a</think>2', '2'],
    ['x<thinking>a</thinking>y<think>b</think>z', 'xyz'],
    ['a</think>2', '2'],
    ['<think>a', ''],
    ['<THINK>a<think>b</think>2<|im_end|></s>', '2'],
    ['a < b > c', 'a < b > c'],
  ])('%j leaves %j', (reply, left) => expect(withoutThoughts(reply)).toBe(left));
});

it('writes signs of all scripts plainly, fractions and powers excepted', () => {
  expect(plainSigns('（２）**٣** ½ ² \u200bx\u3000y')).toBe('(2)3 ½ ² x y');
  expect(plainSigns('so $2$ or \\boxed{ \\text{B} }')).toBe('so 2 or  Final answer: B. ');
});

it('gets through long hostile replies', () => {
  const pieces = [
    '<think>',
    '</think>',
    ' ',
    '\\boxed{',
    '1, ',
    '1 ',
    'answer is ',
    '(',
    '$ ',
    '[',
    '\n',
    '#',
    "'",
    'and ',
  ];
  for (const piece of pieces) {
    const reply = `x${piece.repeat(50_000)}y`;
    readChoice(reply, undefined);
    readChoice(`1. ${piece.repeat(50_000)}y`, undefined);
    readNumberList(reply, ['a']);
    readEntities(reply, '');
  }
});
