import { pythonSplit, pythonTrim, pythonTrimEnd } from './white-space.ts';

/** Turns a text into text whose tokens stand between white space. */
export type BleuTokenizer = (text: string) => string;

export type BleuTokenizerName = '13a' | 'intl' | 'zh' | 'char' | 'none';

/** Punctuation and symbols of ASCII, without apostrophe, hyphen, comma and full stop. */
const symbols = /[{-~[-` -&(-+:-@/]/g;

function separateWestern(text: string): string {
  return text
    .replace(symbols, ' $& ')
    .replace(/([^0-9])([.,])/g, '$1 $2 ')
    .replace(/([.,])([^0-9])/g, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ');
}

/** NIST's mteval-v13a: line breaks joined, four HTML entities decoded, ASCII punctuation split except within numbers. */
function tokenize13a(text: string): string {
  let line = text;
  if (line.includes('<skipped>')) line = line.replaceAll('<skipped>', '');
  if (line.includes('\n')) line = line.replaceAll('-\n', '').replaceAll('\n', ' ');
  if (line.includes('&')) {
    // In this order, so that `&amp;lt;` becomes `<`.
    line = line.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  }
  return separateWestern(` ${line} `);
}

/** NIST's mteval-v14 international: Unicode punctuation split except within numbers, every symbol split. */
function tokenizeInternational(text: string): string {
  return text
    .replace(/(\P{N})(\p{P})/gu, '$1 $2 ')
    .replace(/(\p{P})(\P{N})/gu, ' $1 $2')
    .replace(/\p{S}/gu, ' $& ');
}

// What sacreBLEU's `zh` takes for Chinese. It wrote its ranges beyond U+FFFF as a character and a digit, so U+2001-U+2A6D
// are taken and characters beyond U+FFFF are not: the quirk is kept, for equal figures.
const chinese =
  /[\u2001-\u2a6d\u2e80-\u2fdf\u2ff0-\u303f\u3100-\u312f\u31a0-\u31ef\u3200-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\ufe10-\ufe1f\ufe30-\ufe4f\uff00-\uffef]/g;

/** sacreBLEU's `zh`: Chinese characters apart, the rest as in 13a without entities. */
function tokenizeChinese(text: string): string {
  return separateWestern(pythonTrim(text).replace(chinese, ' $& '));
}

/** Every character but white space is a token. */
function tokenizeCharacters(text: string): string {
  return [...text].join(' ');
}

const tokenizers: Readonly<Record<BleuTokenizerName, BleuTokenizer>> = {
  '13a': tokenize13a,
  intl: tokenizeInternational,
  zh: tokenizeChinese,
  char: tokenizeCharacters,
  none: (text) => text,
};

/**
 * The tokens that BLEU counts, as sacreBLEU makes them: lowercased if asked, stripped at the end, tokenized, split.
 * @throws RangeError for an unknown tokenizer name.
 */
export function bleuTokens(text: string, tokenize: BleuTokenizerName | BleuTokenizer, lowercase: boolean): string[] {
  const tokenizer = typeof tokenize === 'function' ? tokenize : tokenizers[tokenize];
  if (tokenizer === undefined) {
    throw new RangeError(`BLEU: no tokenizer "${String(tokenize)}", there are ${Object.keys(tokenizers).join(', ')}`);
  }
  return pythonSplit(tokenizer(pythonTrimEnd(lowercase ? text.toLowerCase() : text)));
}
