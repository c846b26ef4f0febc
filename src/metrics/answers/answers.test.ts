import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { classificationScores } from '../ranking/classification.ts';
import { cosineSimilarity } from './cosine-similarity.ts';
import { editDistance, editSimilarity } from './edit-distance.ts';
import { exactMatch, includesMatch } from './match.ts';
import { normalizeText } from './normalize.ts';
import { compileExtractor } from './regex-extract.ts';
import { tokenF1 } from './token-f1.ts';

test('normalisation, one option at a time', () => {
  expect(normalizeText('  Ａ\u00a0B\n c ')).toBe('a b c');
  expect(normalizeText('STRASSE')).toBe(normalizeText('Straße'));
  expect(normalizeText('Ab', { ignoreCase: false })).toBe('Ab');
  expect(normalizeText(' a  b', { collapseSpace: false })).toBe(' a  b');
  expect(normalizeText('x²', { compatible: false })).toBe('x²');
  expect(normalizeText("don't, (now) + €5", { ignorePunctuation: true })).toBe('dont now 5');
  expect(normalizeText('The cat, a hat and another', { ignoreArticles: true })).toBe('cat, hat and another');
  expect(normalizeText('Élan naïve', { ignoreAccents: true })).toBe('elan naive');
});

test('exact match against one or several targets', () => {
  expect(exactMatch(' Paris ', 'paris')).toBe(true);
  expect(exactMatch('Paris.', 'paris')).toBe(false);
  expect(exactMatch('Paris.', ['rome', 'paris'], { ignorePunctuation: true })).toBe(true);
});

test('a word includes only whole words unless asked', () => {
  expect(includesMatch('She is female.', 'male')).toBe(false);
  expect(includesMatch('She is female.', 'male', { wholeWords: false })).toBe(true);
  expect(includesMatch('female, then Male', 'male')).toBe(true);
  expect(includesMatch('答えは東京です', '東京')).toBe(true);
  expect(includesMatch('𝒳male', 'male')).toBe(false);
  expect(includesMatch('anything', ['', 'thing'])).toBe(false);
  expect(includesMatch('cost: $5', '$5')).toBe(true);
});

test('token F1 takes the best reference, and no words agree with no words', () => {
  expect(tokenF1('the red shoe', ['blue', 'Red shoes', 'red, shoe!']).f1).toBe(1);
  expect(tokenF1('', '...').f1).toBe(1);
  expect(tokenF1('', 'x').f1).toBe(0);
  expect(() => tokenF1('x', [])).toThrow(RangeError);
});

test('edit distance is a metric', () => {
  const text = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', '😀') });
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance === 0).toBe(a === b);
      expect(editDistance(a, c)).toBeLessThanOrEqual(distance + editDistance(b, c));
    }),
  );
  expect(editDistance('kitten', 'sitting')).toBe(3);
  expect(editDistance(['the', 'cat'], ['the', 'dog', 'sat'])).toBe(2);
  expect(editSimilarity('', '')).toBe(1);
  expect(editSimilarity('😀', 'x')).toBe(0);
});

test('cosine of vectors', () => {
  expect(cosineSimilarity([1, 0], [0, 2])).toBe(0);
  expect(cosineSimilarity([1, 2], [2, 4])).toBeCloseTo(1, 14);
  expect(cosineSimilarity([0, 0], [1, 2])).toBeNull();
  expect(() => cosineSimilarity([1], [1, 2])).toThrow('1 dimensions beside 2');
  expect(() => cosineSimilarity([Number.NaN], [1])).toThrow('finite');
});

test('a pattern takes its group, first or last', async () => {
  const text = 'Score: 3 … score: 5';
  expect((await compileExtractor(String.raw`score: (\d)`))(text)).toBe('3');
  expect((await compileExtractor(String.raw`score: (\d)`, { take: 'last' }))(text)).toBe('5');
  expect((await compileExtractor(String.raw`score: (?P<mark>\d)`, { group: 'mark', ignoreCase: false }))(text)).toBe(
    '5',
  );
  expect((await compileExtractor(String.raw`\d`))(text)).toBe('3');
  expect((await compileExtractor('nothing'))(text)).toBeNull();
});

test('catastrophic patterns are linear, and long texts are cut', async () => {
  const extract = await compileExtractor('^(a+)+$');
  expect(extract(`${'a'.repeat(50_000)}!`)).toBeNull();
  expect((await compileExtractor('end', { maxLength: 10 }))('x'.repeat(20) + 'end')).toBeNull();
  expect((await compileExtractor('end', { maxLength: 10, take: 'last' }))('x'.repeat(20) + 'end')).toBe('end');
});

test('patterns that cannot be kept safe are refused with the reason', async () => {
  await expect(compileExtractor('(?=a)b')).rejects.toThrow('look-around');
  await expect(compileExtractor('(a', { group: 1 })).rejects.toThrow(RangeError);
  await expect(compileExtractor('(a)', { group: 2 })).rejects.toThrow('no group 2');
  await expect(compileExtractor('(a)', { group: 'x' })).rejects.toThrow('no group x');
});

test('classification: unparsed replies cost recall and no precision', () => {
  const got = classificationScores(['a', null, 'b'], ['a', 'a', 'b']);
  expect(got.accuracy).toBeCloseTo(2 / 3, 14);
  expect(got.classes.map(({ label, precision, recall }) => [label, precision, recall])).toEqual([
    ['a', 1, 0.5],
    ['b', 1, 1],
  ]);
  expect(got.balancedAccuracy).toBe(0.75);
  expect(got.confusion).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(classificationScores([], []).macro.f1).toBe(0);
  expect(() => classificationScores(['a'], [])).toThrow('1 predictions for 0');
  expect(() => classificationScores(['a'], ['b'], ['a'])).toThrow('"b" of sample 0');
});
