import { expect, it } from 'vitest';
import { shownTarget } from './shown-target.ts';

it.each([
  ['7', '7'],
  [{ answer: '7; 5', question: 'Which?' }, '7; 5'],
  [{ answer: 7 }, '{"answer":7}'],
  [{ gold: 'x' }, '{"gold":"x"}'],
  [['a', 'b'], '["a","b"]'],
  [null, 'null'],
])('shows %j as %s', (target, shown) => {
  expect(shownTarget(target)).toBe(shown);
});
