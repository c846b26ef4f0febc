import { numberOfWord } from './quantity.ts';

/** Words that carry no answer: "the second chart" is "second", "equal to" is "equal". */
const fillers: ReadonlySet<string> = new Set(
  'a an the of in on for to than by at and or vs is are was were chart charts figure'.split(' '),
);

const months = 'january february march april may june july august september october november december'.split(' ');

function plainWord(word: string): string {
  const number = numberOfWord(word);
  if (number !== undefined) return String(number);
  if (word.length >= 3 && (word.length === 3 || word === 'sept' || months.includes(word))) {
    const month = months.find((name) => name.startsWith(word.slice(0, 3)) && (name === word || word.length <= 4));
    if (month !== undefined) return month.slice(0, 3);
  }
  if (word.length > 3 && /[^s]s$/.test(word)) return word.slice(0, -1);
  return word;
}

/**
 * The words and numbers of a text, comparable: case, accents, punctuation and plural endings off, initials joined
 * ("U.S." is "us"), number words and ordinals as digits.
 */
export function wordsOf(text: string): string[] {
  const plain = text
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/&/g, ' and ')
    .replace(/(?<=(?<![\p{L}\p{N}])\p{L})\.(?=\p{L}(?![\p{L}\p{N}])|\s|$|[,;)])/gu, '')
    .replace(/(?<=\p{L})'s(?!\p{L})/gu, 's')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '');
  return (plain.match(/\d+(?:\.\d+)?|[\p{L}\p{N}]+?(?=\d|[^\p{L}\p{N}]|$)/gu) ?? []).map(plainWord);
}

function withoutFillers(words: readonly string[]): readonly string[] {
  const kept = words.filter((word) => !fillers.has(word));
  return kept.length === 0 ? words : kept;
}

/** Whether two texts say the same in whole words, spaces aside. */
export function sameWords(a: string, b: string): boolean {
  const left = withoutFillers(wordsOf(a));
  const right = withoutFillers(wordsOf(b));
  if (left.length === 0 || right.length === 0) return false;
  // Words run together in labels: "TrillionBtu". Digits must not run together: "1 11" is not "11 1".
  return left.join('\0') === right.join('\0') || (joined(left) === joined(right) && !/\d\0\d/.test(left.join('\0')));
}

const joined = (words: readonly string[]): string => words.join('');
