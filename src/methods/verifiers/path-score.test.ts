import { describe, expect, it } from 'vitest';
import { bestPath, firstLow, pathScore, sameAnswer } from './index.ts';

describe('scores of paths', () => {
  it('follow the rule', () => {
    const scores = [0.5, 0.8, 0.2];
    expect(pathScore(scores)).toBe(0.2);
    expect(pathScore(scores, 'mean')).toBeCloseTo(0.5, 12);
    expect(pathScore(scores, 'last')).toBe(0.2);
    expect(pathScore(scores, 'product')).toBeCloseTo(0.08, 12);
    expect(pathScore([])).toBe(0);
  });

  it('name the first low step and the best path', () => {
    expect(firstLow([0.9, 0.5, 0.4], 0.5)).toBe(2);
    expect(firstLow([0.1, 0.9, 0.1], 0.5, 1)).toBe(2);
    expect(firstLow([0.9, NaN], 0.5)).toBe(1);
    expect(firstLow([], 0.5)).toBeNull();
    expect(bestPath([0.3, 0.7, 0.7, 0.1], 'latest')).toBe(2);
    expect(bestPath([0.3, 0.7, 0.7, 0.1], 'first')).toBe(1);
    expect(bestPath([], 'first')).toBe(-1);
  });
});

describe('sameAnswer', () => {
  it.each([
    ['10', '10.0', true],
    ['1,000', '1000', true],
    ['$5', '5', true],
    ['\\frac{1}{2}', '0.5', true],
    ['B', 'b ', true],
    ['10', '11', false],
    ['ten', '10', false],
  ])('%s and %s', (a, b, same) => {
    expect(sameAnswer(a, b)).toBe(same);
  });
});
