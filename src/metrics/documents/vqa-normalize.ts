const numberWords = new Map(
  ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].map((word, value) => [
    word,
    String(value),
  ]),
).set('none', '0');

const articles = new Set(['a', 'an', 'the']);
/** Removed where a space is beside it or a comma stands between digits, else a space takes its place. */
const signs = [...';/[]"{}()=+\\_-><@`,?!'];
const commaInNumber = /\d,\d/;

/** Words that a contraction may be written as without its apostrophe, and the contraction. */
const contractions = new Map(
  [
    ...'ain aren can couldn didn doesn don hadn hasn haven isn mightn mustn shouldn wasn weren won wouldn'
      .split(' ')
      .map((stem) => `${stem}'t`),
    ...'he she it that there what where who how when why somebody someone something everyone'
      .split(' ')
      .flatMap((word) => [`${word}'s`, `${word}'d`, `${word}'ll`]),
    ...'you they we'.split(' ').flatMap((word) => [`${word}'re`, `${word}'ve`, `${word}'d`, `${word}'ll`]),
    ...['could', 'might', 'must', 'should', 'would', 'i'].map((word) => `${word}'ve`),
    "i'm",
    "let's",
    "ma'am",
    "o'clock",
    "y'all",
  ].map((word) => [word.replace("'", ''), word]),
);
// These are words of their own.
for (const word of ['hell', 'shed', 'shell', 'well', 'were', 'wed', 'id', 'its']) contractions.delete(word);

/**
 * A short answer as the evaluators of VQA and TextVQA compare it: small letters, punctuation out, number words up to ten as
 * digits, articles out, contractions with their apostrophe. Contractions are known by their parts, not by a list.
 */
export function vqaNormalize(answer: string): string {
  let text = answer
    .toLowerCase()
    .replaceAll(/[\n\t]/g, ' ')
    .trim();
  const grouped = commaInNumber.test(text);
  const original = text;
  for (const sign of signs) {
    if (!text.includes(sign)) continue;
    const removed = grouped || original.includes(`${sign} `) || original.includes(` ${sign}`);
    text = text.replaceAll(sign, removed ? '' : ' ');
  }
  // Points within numbers stay: 3.5, but not those that end a sentence.
  text = text.replaceAll(/\.(?!\d)/g, '');
  return text
    .split(/\s+/u)
    .map((word) => numberWords.get(word) ?? word)
    .filter((word) => word !== '' && !articles.has(word))
    .map((word) => contractions.get(word) ?? word)
    .join(' ');
}
