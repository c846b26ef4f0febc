import { describe, expect, it } from 'vitest';
import { kddChoice, kddCut, kddEntities, kddRanked, kddRetrieved } from './kdd-readings.ts';
import { referenceNdcg } from './reference-ndcg.ts';
import { rankedIntegers, skillChoice, skillEntities, skillRanked, skillRetrieved } from './skill-readings.ts';
import { taskChoice, taskRetrieved } from './task-readings.ts';

describe('the scorer for skill files', () => {
  it('looks at one character after spaces', () => {
    expect(['  17', '\n1', '\t1', '(1)', '', '𝟑'].map(skillChoice)).toEqual(['1', '\n', '\t', '(', '', '𝟑']);
  });

  it('forgets its cut to the first line', () => {
    expect(skillRetrieved('6, 9, 15\nThese fit best, 1')).toEqual([6, 9, 1]);
    expect(skillRetrieved('\u001c٣, 1_0, +2, 4')).toEqual([3, 10, 2]);
    expect(skillRetrieved('14\n13\n8')).toEqual([]);
  });

  it('ranks the first line, cut to the candidates', () => {
    expect(skillRanked('\n2, 1, x, 3\nbecause 4', 2)).toEqual([2, 1]);
    // Without a line feed, line feeds at the ends are white space like any.
    expect(rankedIntegers('\r\n1, 2\r\n3')).toEqual([]);
    expect(rankedIntegers('\r1, 2')).toEqual([1, 2]);
  });

  it('keeps pieces of spaces as phrases', () => {
    expect(skillEntities('\n\n Mens, ,FOO\u00a0,\nrest')).toEqual(['mens', '', 'foo\u00a0']);
  });
});

it('the scripts for tasks take the first numeric or alphanumeric character', () => {
  expect(taskChoice('about ½ or 2', false)).toBe('½');
  expect(taskChoice('none', false)).toBeUndefined();
  expect(taskChoice('"Answer: B', true)).toBe('A');
  expect(taskRetrieved(' 14, 13, 8\nbecause, 99')).toEqual([14, 13, 8]);
});

describe('the KDD Cup', () => {
  it('reads 5,000 characters, counted as code points', () => {
    expect(kddCut('𝟑'.repeat(5001))).toBe('𝟑'.repeat(5000));
    expect(kddRetrieved(kddCut(`${'x'.repeat(4999)}12`))).toEqual([1]);
  });

  it('keeps numeric characters, commas and spaces', () => {
    expect(kddRetrieved('6\n9\n15')).toEqual([6915]);
    expect(kddRetrieved('½, ²3, #4, 5 6, 7')).toEqual([4, 7]);
    expect(kddRanked('1, 9, 2, 0')).toEqual([1, 2, 0]);
    expect(kddRanked('1, 2, 2')).toEqual([]);
    expect(kddChoice('\u0085３ x')).toBe(3);
    expect(['', 'x', '²', '-1'].map(kddChoice)).toEqual([-1, -1, -1, -1]);
  });

  it('takes a Python list of texts as it is', () => {
    expect(kddEntities("['a ', '']")).toEqual(['a ', '']);
    expect(kddEntities('[a], ,b\nc')).toEqual(['[a]', 'b\nc']);
    expect(kddEntities('["a", 1]')).toEqual(['["a"', '1]']);
  });
});

it('indexes weights as Python lists', () => {
  const weights = [0, 0, 1];
  expect(referenceNdcg([0], weights)).toBe(1);
  expect(referenceNdcg([-2], weights)).toBe(0);
  expect(referenceNdcg([-3], weights)).toBe('IndexError');
  expect(referenceNdcg([99, 3], weights)).toBeCloseTo(1 / Math.log2(3), 12);
  expect(referenceNdcg([3, 3], weights)).toBeGreaterThan(1);
  expect(referenceNdcg([1], [0, 0])).toBeNaN();
});
