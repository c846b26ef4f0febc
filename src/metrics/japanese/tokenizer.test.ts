import * as fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import vectors from '../__fixtures__/japanese.json' with { type: 'json' };
import { corpusBleu } from '../text/bleu.ts';
import type { BleuTokenizer } from '../text/bleu-tokenizers.ts';
import { loadJapaneseTokenizer } from './tokenizer.ts';

let tokenize: BleuTokenizer;
beforeAll(async () => {
  tokenize = await loadJapaneseTokenizer();
});

test('every text is split as by sacreBLEU with MeCab and the IPA dictionary', () => {
  for (const { input, expected } of vectors) expect(tokenize(input)).toBe(expected);
});

test('ties between paths are broken as in MeCab', () => {
  const nine = 'まま '.repeat(9);
  expect(tokenize(`\ueeb7${'ま'.repeat(23)}〠`)).toBe(`\ueeb7 ${nine}ま まま まま 〠`);
  expect(tokenize('すもももももももものうち')).toBe('すもも も もも も もも の うち');
});

test('blank, cut and endless texts', () => {
  expect(tokenize('')).toBe('');
  expect(tokenize(' \u3000\n')).toBe('');
  expect(tokenize('東京\u0000大阪')).toBe('東京');
  expect(tokenize('a'.repeat(25))).toBe('a'.repeat(25));
  expect(tokenize('a'.repeat(26))).toBe(`a ${'a'.repeat(25)}`);
  expect(tokenize('東'.repeat(30_000)).replaceAll(' ', '').length).toBe(30_000);
});

test('no character but white space is lost', () => {
  const character = fc.oneof(
    fc.integer({ min: 0x3000, max: 0x30ff }),
    fc.integer({ min: 0x4e00, max: 0x9fff }),
    fc.integer({ min: 0x21, max: 0x7e }),
    fc.integer({ min: 0x1f300, max: 0x1f6ff }),
  );
  fc.assert(
    fc.property(fc.array(character), (codes) => {
      const text = String.fromCodePoint(...codes).replaceAll('\u3000', '');
      expect(tokenize(text).replaceAll(' ', '')).toBe(text);
    }),
  );
});

test('the tokenizer serves BLEU', () => {
  const options = { tokenize, lowercase: true };
  expect(corpusBleu(['無線イヤホンは新しい'], ['無線イヤホンは新しい'], options).score).toBeCloseTo(100, 10);
  expect(corpusBleu(['水筒'], ['無線イヤホンは新しい'], options).score).toBe(0);
});
