import { numberOfWord } from './quantity.ts';

/** Words that carry no answer: "the second chart" is "second", "equal to" is "equal". */
const fillers: ReadonlySet<string> = new Set(
  'a an the of in on for to than by at and or vs is are was were chart charts figure age ages aged year years old'.split(
    ' ',
  ),
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

/** Names that are one in every chart. */
const aliases: readonly (readonly [RegExp, string])[] = [
  [/(?<![^\0])united\0state(?:\0(?:of\0)?america)?(?![^\0])|(?<![^\0])usa(?![^\0])/g, 'us'],
  [/(?<![^\0])united\0kingdom(?![^\0])/g, 'uk'],
  [/(?<![^\0])(?:washington\0dc|district\0(?:of\0)?columbia)(?![^\0])/g, 'dc'],
];

function comparable(words: readonly string[]): string {
  return aliases.reduce((text, [pattern, name]) => text.replace(pattern, name), words.join('\0'));
}

/** The words without those that carry no answer; all of them where nothing else is left. */
export function answerWords(text: string): string {
  const kept = text
    .split(/\s+/)
    .filter(
      (word) =>
        !fillers.has(word.toLowerCase().replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')) || /[^\p{L}.,;:'")(]/u.test(word),
    );
  const words = comparable(wordsOf(kept.join(' ')));
  return words === '' ? comparable(wordsOf(text)) : words;
}

/** Whether two texts say the same in whole words. Words run together in labels ("SolarShare") count as apart. */
export function sameWords(a: string, b: string): boolean {
  const left = answerWords(a);
  const right = answerWords(b);
  if (left === '' || right === '') return false;
  if (left === right) return true;
  const whole = [a, b].map((text) => comparable(wordsOf(text)));
  // Digits do not run together: "1 11" is not "11 1".
  if ([...whole, left, right].some((words) => /\d\0\d/.test(words))) return false;
  const [one, other] = whole.map((words) => words.replaceAll('\0', ''));
  return one === other || left.replaceAll('\0', '') === right.replaceAll('\0', '');
}
