import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chatUsage, pieces } from './chat-objects.ts';

test('pieces join to the text, are short, and cut no character in two', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      const all = [...pieces(text)];
      expect(all.join('')).toBe(text);
      for (const piece of all) {
        expect(piece.length).toBeGreaterThan(0);
        expect(piece.length).toBeLessThanOrEqual(97);
        expect(piece.isWellFormed()).toBe(text.isWellFormed() || piece.isWellFormed());
      }
    }),
  );
  expect([...pieces('')]).toEqual([]);
});

test('usage is summed over choices and roles', () => {
  const usage = { inputTokens: 3, outputTokens: 2, calls: 2, wastedCalls: 1, replayedCalls: 1, cost: 0.5 };
  const main = { inputTokens: 2, outputTokens: 1, calls: 1, cost: 0.25 };
  expect(
    chatUsage([
      { ...usage, roles: { main, verifier: main } },
      { ...usage, roles: { main } },
    ]),
  ).toEqual({
    prompt_tokens: 6,
    completion_tokens: 4,
    total_tokens: 10,
    fettle: {
      calls: 4,
      replayed_calls: 2,
      wasted_calls: 2,
      cost: 1,
      roles: {
        main: { calls: 2, prompt_tokens: 4, completion_tokens: 2, cost: 0.5 },
        verifier: { calls: 1, prompt_tokens: 2, completion_tokens: 1, cost: 0.25 },
      },
    },
  });
});
