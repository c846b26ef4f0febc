import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import vectors from '../__fixtures__/bleu.json' with { type: 'json' };
import { corpusBleu, sentenceBleu, type BleuOptions } from './bleu.ts';
import { bleuTokens } from './bleu-tokenizers.ts';
import { splitWestern } from './split-western.ts';
import { pythonSplit } from '../python/white-space.ts';

test('scores, lengths and precisions equal those of sacreBLEU', () => {
  for (const { input, expected } of vectors) {
    const [score, brevityPenalty, hypothesisLength, referenceLength, precisions] = expected as [
      number,
      number,
      number,
      number,
      number[],
    ];
    const got = corpusBleu(input.hypotheses, input.references, input.options as BleuOptions);
    const what = JSON.stringify(input);
    expect(got.precisions, what).toEqual(precisions);
    expect([got.hypothesisLength, got.referenceLength], what).toEqual([hypothesisLength, referenceLength]);
    expect(Math.abs(got.brevityPenalty - brevityPenalty), what).toBeLessThan(1e-15);
    expect(Math.abs(got.score - score), what).toBeLessThan(2e-13);
  }
});

test('a perfect reply scores the same hair above 100 as in sacreBLEU', () => {
  expect(sentenceBleu('one two three four five', 'one two three four five').score).toBe(100.00000000000004);
});

test('effective order is on for a sentence and off for a corpus', () => {
  expect(sentenceBleu('red shoe', 'red shoe').score).toBeCloseTo(100, 10);
  expect(corpusBleu(['red shoe'], ['red shoe']).score).toBe(0);
});

test('13a decodes four entities in order and splits punctuation outside numbers', () => {
  const tokens = (text: string): string[] => bleuTokens(text, '13a', false);
  expect(tokens('&amp;lt;b&quot; 1,000.5 a.b 5-7 x-ray').join(' ')).toBe('< b " 1,000.5 a . b 5 - 7 x-ray');
  expect(tokens('co-\noperate\nnow-\n')).toEqual(['cooperate', 'now-']);
  expect(tokens('x,,5 1..5')).toEqual(['x', ',', ',5', '1', '.', '.', '5']);
});

/** The script's replacements, one after the other. */
function splitByReplacements(text: string): string[] {
  return pythonSplit(
    text
      .replace(/[{-~[-` -&(-+:-@/]/g, ' $& ')
      .replace(/([^0-9])([.,])/g, '$1 $2 ')
      .replace(/([.,])([^0-9])/g, ' $1 $2')
      .replace(/([0-9])(-)/g, '$1 $2 '),
  );
}

test('splitting in one pass is splitting by replacements', () => {
  const character = fc.constantFrom(...'a5.,-$ \n/\u0085\u00e9\u{1f600}\'"'.split(''), '\u{1f600}');
  fc.assert(
    fc.property(fc.array(character), (characters) => {
      const text = characters.join('');
      expect(splitWestern(text, true)).toEqual(splitByReplacements(` ${text} `));
      expect(splitWestern(text, false)).toEqual(splitByReplacements(text));
    }),
    { numRuns: 2000 },
  );
});

test('a function can be the tokenizer, and sees the text without its trailing space', () => {
  const seen: string[] = [];
  const tokenize = (text: string): string => {
    seen.push(text);
    return [...text].join(' ');
  };
  expect(sentenceBleu('ABCDE \u3000', ['abcde'], { tokenize, lowercase: true }).score).toBeCloseTo(100, 10);
  expect(seen).toEqual(['abcde', 'abcde']);
});

test('nothing said scores zero', () => {
  expect(sentenceBleu('', 'a').score).toBe(0);
  expect(sentenceBleu('a', '').score).toBe(0);
});

const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)) });

test('any text scores between 0 and a hair above 100', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      const { score } = sentenceBleu(a, b);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThan(100.000001);
    }),
  );
});

test('callers who mix up the lists are told', () => {
  expect(() => corpusBleu(['a'], [])).toThrow('1 hypotheses but 0');
  expect(() => corpusBleu(['a'], [[]])).toThrow('hypothesis 0 has no reference');
  expect(() => sentenceBleu('a', 'a', { tokenize: 'nope' as '13a' })).toThrow('no tokenizer "nope"');
  expect(() => sentenceBleu('a', 'a', { smoothing: 'nope' as 'exp' })).toThrow('no smoothing "nope"');
  expect(() => sentenceBleu('a', 'a', { maxOrder: 0 })).toThrow('maxOrder');
});
