import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumberList } from './number-list.ts';

const candidates = Array.from('abcdefghijklmno', (letter) => `text ${letter}`);

describe('readNumberList', () => {
  it.each([
    ['6, 9, 15', '6,9,15'],
    ['6,9,15', '6,9,15'],
    ['[6, 9, 15]', '6,9,15'],
    ['6 9 15', '6,9,15'],
    ['6, 9, 15\nThese fit best, 1', '6,9,15'],
    ['6, 9, 15 because they fit', '6,9,15'],
    ['Output: 6, 9, 15', '6,9,15'],
    ['#6, #9, #15', '6,9,15'],
    ['14., 13., 8.', '14,13,8'],
    ['14\n13\n8', '14'],
    ['none of them', null],
    ['The best are 6, 9 and 15.', '6,9,15'],
    ['Sure! Here are the 3 results:\n6, 9, 15', '6,9,15'],
    ['1 > 3 > 2', '1,3,2'],
    ['1>4>3>2>5', '1,4,3,2,5'],
    ['{"answer": [3, 1, 2]}', '3,1,2'],
    ['Ranking: 1, 4, 3, 2, 5', '1,4,3,2,5'],
    ['The answer is 4', '4'],
    ['4', '4'],
    ['"4"', '4'],
    ['4. text d', '4'],
    ['6. text f\n9. text i\n15. text o', '6,9,15'],
    ['1. text f\n2. text i', null],
    ['-1, -2', null],
    ['６、９、１５', '6,9,15'],
    ['(6), (9), (15)', '6,9,15'],
    ['6; 9; 15', '6,9,15'],
    ['Products 3, 1 and 2 fit', '3,1,2'],
    ['I like 3, 1 but not 4, 5', null],
    ['**6, 9, 15**', '6,9,15'],
    ['<think>1, 2</think>3, 4', '3,4'],
    ['I cannot rank these', null],
    ['99, 98, 97, 8', '99,98,97,8'],
    ['1, 1, 1', '1,1,1'],
    ['3, 1, 2.', '3,1,2'],
    ['[3,1,2]\n\nExplanation: 5, 4', '3,1,2'],
    ['4 .', '4'],
    ['The ranking is 3, 1, 2', '3,1,2'],
    ['3 -> 1 -> 2', '3,1,2'],
    ['06, 09, 15', '6,9,15'],
    ['3.5, 2.1', null],
    ['1,2,3,4,5', '1,2,3,4,5'],
    ['2,', '2'],
    ['3, 1, 2, 5 and 4', '3,1,2,5,4'],
    ['The numbers are: 3, 7', '3,7'],
    ['Les produits 3, 7 et 9', '3,7,9'],
    ['Between 3 and 5 products, I take 3, 7', null],
    ['3, 7, 9 and not 2', '3,7,9'],
    ['1st, 2nd', null],
    ['3と7', '3,7'],
    ['Answer: 6, 9, 15 (they are the best 3)', '6,9,15'],
  ] as const)('%j lists %s', (reply, expected) => {
    const read = readNumberList(reply, candidates);
    expect('numbers' in read ? read.numbers.join() : null).toBe(expected);
  });

  it('takes no copy of the candidates for an answer', () => {
    expect(readNumberList('1. text a\n2. text b\n3. text c\n4. te', candidates)).toHaveProperty('unread');
    expect(readNumberList('2. text b\n1. text a', candidates)).toMatchObject({ numbers: [2, 1] });
  });

  it('takes the last number of an enumeration that was cut off for no answer', () => {
    expect(readNumberList('1. good value\n2. nice fit\n3', candidates)).toHaveProperty('unread');
    expect(readNumberList('1. good value\n2. nice fit\nAnswer: 3, 5', candidates)).toMatchObject({ numbers: [3, 5] });
  });

  it('reads every list of numbers as it is written', () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 9999 }), { minLength: 1, maxLength: 8 });
    const style = fc.constantFrom<(list: number[]) => string>(
      (list) => list.join(', '),
      (list) => list.join(','),
      (list) => list.join(' > '),
      (list) => `[${list.join(', ')}]`,
      (list) => `Answer: ${list.join('; ')}.`,
      (list) => `**${list.join(', ')}**\n\nThey fit best.`,
      (list) => `<think>1, 2</think>\n${list.join(' ')}`,
    );
    fc.assert(
      fc.property(numbers, style, (list, write) => {
        expect(readNumberList(write(list), undefined)).toMatchObject({ numbers: list });
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (reply) => void readNumberList(reply, candidates)));
  });
});
