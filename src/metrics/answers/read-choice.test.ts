import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readChoice } from './read-choice.ts';

const letters = { labels: ['A', 'B', 'C', 'D'] };

test.each([
  ['B', 'B'],
  ['b', 'B'],
  ['(b)', 'B'],
  ['**B**', 'B'],
  ['A) red', 'A'],
  ['A is correct', 'A'],
  ['A, because', 'A'],
  ['Option C is best', 'C'],
  ['I think it is D', 'D'],
  ['A good choice is B.', 'B'],
  ['Answer: B', 'B'],
  ['Answer: a', 'A'],
  ['Answer:\nB', 'B'],
  ['**Answer:** B', 'B'],
  ['The correct answer is: **B**', 'B'],
  ['A) x\nB) y\nC) z\nThe answer is (C).', 'C'],
  ['The answer is A. Wait, no: the answer is D.', 'D'],
  ['The answer is not A but B', 'B'],
  ["It isn't A. It's B", 'B'],
  [String.raw`\boxed{D}`, 'D'],
  ['答案是C', 'C'],
  ['答案：Ｃ', 'C'],
  ['正解はBです', 'B'],
  ['We get 3. So B', 'B'],
])('%j chooses %s', (reply, label) => {
  expect(readChoice(reply, letters).label).toBe(label);
});

test.each(['', 'Apple', 'I', 'a', 'the answer is a mystery', 'E', "that's a b-side", 'ABCD', 'Bob', 'x_A', 'not B'])(
  '%j chooses none',
  (reply) => {
    const got = readChoice(reply, letters);
    if (reply === 'a') expect(got.label).toBe('A');
    else expect(got).toMatchObject({ index: null, label: null });
  },
);

test.each([
  ['1', '1'],
  ['2. x', '2'],
  ['There are 12 items, so 3', '3'],
  ['The answer is option 2', '2'],
  ['10 of 3', '3'],
  ['\n1', '1'],
  ['17', null],
  ['1.0', null],
  ['3/4', null],
  ['10:2', null],
])('of numbered options %j chooses %s', (reply, label) => {
  expect(readChoice(reply, { labels: ['1', '2', '3', '4'] }).label).toBe(label);
});

test('the words of one option count where no label is named', () => {
  const options = { labels: ['A', 'B', 'C'], texts: ['red', 'dark red', 'A blue shoe'] };
  expect(readChoice('It is dark red.', options).label).toBe('B');
  expect(readChoice('It is red.', options).label).toBe('A');
  expect(readChoice('red or a blue shoe', options)).toMatchObject({ index: null });
  expect(readChoice('Answer: A red one', options).label).toBe('A');
});

test('the reason is told', () => {
  expect(readChoice('Answer: C', letters)).toEqual({
    index: 2,
    label: 'C',
    explanation: '"C" is the first option after an answer cue',
  });
  expect(readChoice('B or C', letters).explanation).toBe(
    '"B" is the first option that stands by itself, ahead of 1 other',
  );
});

test('labels may be words or hold signs', () => {
  expect(readChoice('I say yes.', { labels: ['yes', 'no'] }).label).toBe('yes');
  expect(readChoice('C++ it is', { labels: ['C', 'C++'] }).label).toBe('C++');
});

test('whatever is said, the answer is one of the labels or none', () => {
  const part = fc.constantFrom(
    'A',
    'b',
    ' ',
    '\n',
    'answer is ',
    'not ',
    '(',
    ')',
    '1',
    '答案',
    '.',
    'I',
    '\ud83d',
    "n't ",
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const { label, index } = readChoice(parts.join(''), letters);
      expect(label === null ? null : letters.labels[index as number]).toBe(label);
    }),
  );
});

test('hostile lengths take no time', () => {
  for (const piece of ['A ', 'answer: A ', 'answer is ', '(', 'not ', 'a\n', 'option ']) {
    expect(() => readChoice(piece.repeat(20_000), { ...letters, texts: ['x', 'y', 'z', 'w'] })).not.toThrow();
  }
});

test('callers who mix up lists are told', () => {
  expect(() => readChoice('A', { labels: [] })).toThrow('no labels');
  expect(() => readChoice('A', { labels: ['A'], texts: [] })).toThrow('0 texts for 1');
});
