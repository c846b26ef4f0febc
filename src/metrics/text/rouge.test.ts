import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import rougeVectors from '../__fixtures__/rouge.json' with { type: 'json' };
import stemVectors from '../__fixtures__/stems.json' with { type: 'json' };
import { lcsLength, lcsPositions } from './lcs.ts';
import { porterStem } from './porter-stemmer.ts';
import { rougeTokens } from './rouge-tokens.ts';
import { bestRouge, rougeL, rougeLsum, rougeN } from './rouge.ts';

test('every score equals that of rouge_score to the last digit', () => {
  for (const { input, expected } of rougeVectors) {
    const options = { useStemmer: input.stemmer };
    const scores = [
      rougeN(input.prediction, input.reference, 1, options),
      rougeN(input.prediction, input.reference, 2, options),
      rougeN(input.prediction, input.reference, 3, options),
      rougeL(input.prediction, input.reference, options),
      rougeLsum(input.prediction, input.reference, options),
    ];
    expect(
      scores.map(({ precision, recall, f1 }) => [precision, recall, f1]),
      JSON.stringify(input),
    ).toEqual(expected);
  }
});

test('stems equal those of the NLTK Porter stemmer', () => {
  expect(stemVectors.map(([word]) => porterStem(word as string))).toEqual(stemVectors.map(([, stem]) => stem));
});

test('irregular and short words follow NLTK, not the paper', () => {
  const words = ['skies', 'dying', 'innings', 'proceed', 'dies', 'died', 'spied', 'flies', 'enjoyment', 'geologies'];
  expect(words.map(porterStem).join(' ')).toBe('sky die inning proceed die die spi fli enjoy geolog');
});

test('tokens are ASCII letters and digits only', () => {
  expect(rougeTokens('Naïve İstanbul 红色 x-2 \u212A')).toEqual(['na', 've', 'i', 'stanbul', 'x', '2', 'k']);
  expect(rougeTokens('running cars', { useStemmer: false })).toEqual(['running', 'cars']);
  expect(rougeL('红色', '红色').f1).toBe(0);
  expect(rougeL('红色', '红色', { tokenize: (text) => [...text] }).f1).toBe(1);
});

const token = fc.constantFrom('a', 'b', 'c', 'd', 'e');

function plainLcs(first: readonly string[], second: readonly string[]): number {
  const table = Array.from({ length: first.length + 1 }, () => Array.from({ length: second.length + 1 }, () => 0));
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
  first.forEach((x, i) => {
    second.forEach((y, j) => {
      (table[i + 1] as number[])[j + 1] = x === y ? at(i, j) + 1 : Math.max(at(i, j + 1), at(i + 1, j));
    });
  });
  return at(first.length, second.length);
}

test('the bit-parallel length is that of the plain table, and the positions have it', () => {
  fc.assert(
    fc.property(fc.array(token, { maxLength: 90 }), fc.array(token, { maxLength: 140 }), (first, second) => {
      const length = plainLcs(first, second);
      expect(lcsLength(first, second)).toBe(length);
      const positions = lcsPositions(first, second);
      expect(positions).toHaveLength(length);
      expect(positions.every((position, i) => i === 0 || position > (positions[i - 1] as number))).toBe(true);
    }),
  );
});

const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)) });

test('scores are between 0 and 1, and swap precision and recall with the arguments', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      const there = rougeL(a, b);
      const back = rougeL(b, a);
      expect(there.precision).toBe(back.recall);
      expect(there.f1).toBeCloseTo(back.f1, 14);
      expect(there.f1).toBeGreaterThanOrEqual(0);
      expect(there.f1).toBeLessThanOrEqual(1);
    }),
  );
});

test('the best of several references is taken by F1', () => {
  expect(bestRouge(['no', 'red shoe'], (reference) => rougeL('red shoe', reference)).f1).toBe(1);
  expect(() => bestRouge([], () => rougeL('', ''))).toThrow(RangeError);
  expect(() => rougeN('a', 'a', 0)).toThrow(RangeError);
});
