import { expect, it } from 'vitest';
import { roundText } from './round-text.ts';

const none = { calls: 0, inputTokens: 0, outputTokens: 0 };
const round = {
  type: 'round',
  round: 1,
  text: '…',
  answer: '11',
  pathAnswer: '12',
  pathScore: 0.2,
  theta: 0.5,
  low: 2,
  steps: [
    { step: 1, score: 0.9, state: 'kept', text: '2+3=5' },
    { step: 2, score: 0.2, state: 'low', text: '5*2=12\nwhich is 12' },
  ],
  tail: '<ans>12</ans>',
  change: { from: 2, removed: 1, added: 1 },
  tokens: { solver: { calls: 1, inputTokens: 120, outputTokens: 40 }, verifier: none },
};

it('shows each step of a round with its score, what changed, answers and tokens', () => {
  expect(roundText(round)).toEqual([
    '  round 1: step 2 is low (0.200 < 0.5), path 0.200',
    '    from step 2 on: 1 steps gone, 1 written',
    '    1  0.900  kept  2+3=5',
    '    2  0.200  low   5*2=12\n                    which is 12',
    '                    <ans>12</ans>',
    '    answer 11 (this path: 12); solver 1 calls, 120 + 40 tokens; verifier 0 calls, 0 + 0 tokens',
  ]);
});

it('says so where a revision held nothing, and where no step is low', () => {
  const lines = roundText({ ...round, low: null, change: { from: 1, removed: 0, added: 0 } }) ?? [];
  expect(lines[0]).toBe('  round 1: no step is low, path 0.200');
  expect(lines[1]).toBe('    the reply held no step: nothing changed');
});

it('leaves rounds of other methods and other steps to others', () => {
  expect(roundText({ type: 'round', round: 0, text: 'a', answer: null })).toBeUndefined();
  expect(roundText({ type: 'vote', votes: {} })).toBeUndefined();
});
