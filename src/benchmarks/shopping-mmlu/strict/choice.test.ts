import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readChoice } from './choice.ts';

const four = { numbers: [0, 1, 2, 3], texts: ['mouse pad', 'leash', '2 ounces', 'garbage bin'], letters: false };
const stars = { numbers: [1, 2, 3, 4, 5], letters: false };

function option(reply: string, choices: Parameters<typeof readChoice>[1]): number | null {
  const read = readChoice(reply, choices);
  return 'option' in read ? read.option : null;
}

describe('readChoice', () => {
  it.each([
    ['2', 2],
    ['(2)', 2],
    ['2.', 2],
    ['**2**', 2],
    ['The answer is 2', 2],
    ['2. Foo', 2],
    ['Option (B)', 1],
    ['Answer: 3', 3],
    ['The correct answer is: **1. leash**', 1],
    ['B', 1],
    ['b', 1],
    ['(D)', 3],
    ['D) garbage bin', 3],
    ['2 ounces', null],
    ['leash', null],
    ['The answer is not 2', null],
    ['The answer is 1 or 2', null],
    ['Answer: A good product', null],
    ['0. mouse pad\n1. leash\n2. x\n3. y', null],
    ['\\boxed{3}', 3],
    ['<think>maybe 1</think>2', 2],
    ['maybe 1</think>\n\n2', 2],
    ['<think>maybe 1', null],
    ['٢', 2],
    ['２', 2],
    ['½', null],
    ['²', null],
    ['1.5', null],
    ['10', null],
    ['-1', null],
    ['3.0', 3],
    ['I would choose option 2.', 2],
    ['1 because it fits', 1],
    ['There are 3 ports', null],
    ['1. garbage bin', null],
    ['"A"', 0],
    ['Answer: B because cotton', 1],
    ['The best option is 0', 0],
    ['Final answer: 2. Earlier I thought the answer is 1', 2],
    ['The answer is 1. Wait, the answer is 2.', null],
    ['Die Antwort ist 2', 2],
    ['La respuesta es 3', 3],
    ['La réponse est : 1', 1],
    ['La risposta è 0.', 0],
    ['答えは2です', 2],
    ['正解は「1」です。', 1],
    ['Option 2', 2],
    ['number 3', 3],
    ['2\nbecause option 1 is wrong', 2],
    ['Sure! The right choice would be (c)', 2],
    ['答えは2個です', null],
    ['2番', 2],
    ['$2$', 2],
    ['1, 2', null],
    ['Output: 2', 2],
    ['{"answer": 2}', 2],
    ['{"answer": "B"}', 1],
    ['It is 3.', 3],
    ['3 - garbage bin', 3],
    ['A. mouse pad', 0],
    ['A mouse pad', null],
    ['The answer is A.', 0],
    ["I'd pick 1", 1],
    ['[1]', 1],
    ['#2', 2],
    ['1_0', null],
    ['answer=2', 2],
    ['ANSWER: 2', 2],
    ['The answer is option (C) 2 ounces', 2],
    ['The answer is the leash', null],
    ['The answer is $2.50', null],
    ['Answer: 2-pack', null],
    ['0', 0],
    ['None of the above', null],
    ['5', null],
    ['1.', 1],
    ['1：leash', 1],
  ] as const)('%j names option %s', (reply, expected) => {
    expect(option(reply, four)).toBe(expected);
  });

  it.each([
    ['I rate it 3 of 5', 3],
    ['4 stars', 4],
    ['4/5', 4],
    ['5 out of 5 stars', 5],
    ['I would give this product 4 stars out of 5', 4],
    ['Rating: 2', 2],
    ['5つ星のうち3', 3],
    ['3', 3],
    ['This is a 5-star review', 5],
    ['I would rate this product a 4.', 4],
    ['The rating is 4 out of 5', 4],
    ['B', null],
    ['4.5', null],
    ['Between 1 and 5, I choose 3', 3],
    ['Bewertung: 4', 4],
    ['0', null],
    ['4 de 5 estrellas', 4],
    ['1 (very negative)', 1],
    ['4 - positive', 4],
    ['The review is positive, so 5', 5],
    ['I would rate this review as a 4 on a scale of 1 to 5.', 4],
  ] as const)('%j rates %s', (reply, expected) => {
    expect(option(reply, stars)).toBe(expected);
  });

  it('says what it read, or why it read nothing', () => {
    expect(readChoice('The answer is 2.', four)).toEqual({ option: 2, from: '"answer is 2"' });
    expect(readChoice('leash', four)).toEqual({ unread: 'the reply has the text of an option, not its number' });
  });

  it('does not choose between a number and the text of another option', () => {
    const replies = [
      '1. garbage bin',
      '1. garbage b',
      'The answer is 0: leash',
      'Answer: 3 (garbage',
      '1. Leash.',
      '0. a pad',
    ];
    expect(replies.map((reply) => option(reply, four))).toEqual([null, null, null, 3, 1, 0]);
  });

  it('does not choose among numbers in a row', () => {
    expect(['1. 1. 2.', '1. 1. 1.', '0) 3'].map((reply) => option(reply, four))).toEqual([null, 1, null]);
  });

  it('reads no numbers where the prompt names options by letters', () => {
    const letters = { ...four, letters: true };
    expect(['1', 'Answer: 1', 'B', '(B) leash'].map((reply) => option(reply, letters))).toEqual([null, null, 1, 1]);
  });

  it('takes a lone number for that of an option, also where options are numbers', () => {
    const counts = { numbers: [0, 1, 2], texts: ['2', '0', '1 litre'], letters: false };
    expect(['2', '1.', '1 litre'].map((reply) => option(reply, counts))).toEqual([2, 1, null]);
  });

  it('takes any digit where the options are unknown', () => {
    expect(option('Answer: 7', undefined)).toBe(7);
    expect(option('Answer: 12', undefined)).toBeNull();
  });

  it('never throws and only gives options that exist', () => {
    const word = fc.constantFrom(
      'answer',
      'is',
      '1',
      '2',
      '7',
      'B',
      '(',
      ')',
      '.',
      '**',
      '\n',
      'not',
      'option',
      '<think>',
      '</think>',
      'の',
      '5',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (reply) => {
          const read = readChoice(reply, four);
          if ('option' in read) expect(four.numbers).toContain(read.option);
        },
      ),
    );
  });
});
