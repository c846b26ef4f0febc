import { splitWestern } from './split-western.ts';
import { isPythonSpace, pythonSplit, pythonStrip, pythonTrimEnd } from '../python/white-space.ts';

/** Turns a text into text whose tokens stand between white space. */
export type BleuTokenizer = (text: string) => string;

export type BleuTokenizerName = '13a' | 'intl' | 'zh' | 'char' | 'none';

/** The tokens themselves. */
type Splitter = (text: string) => string[];

/** NIST's mteval-v13a: line breaks joined, four HTML entities decoded, ASCII punctuation split except within numbers. */
function split13a(text: string): string[] {
  let line = text;
  if (line.includes('<skipped>')) line = line.replaceAll('<skipped>', '');
  if (line.includes('\n')) line = line.replaceAll('-\n', '').replaceAll('\n', ' ');
  if (line.includes('&')) {
    // In this order, so that `&amp;lt;` becomes `<`.
    line = line.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  }
  return splitWestern(line, true);
}

/** NIST's mteval-v14 international: Unicode punctuation split except within numbers, every symbol split. */
function splitInternational(text: string): string[] {
  const separated = text
    .replace(/(\P{N})(\p{P})/gu, '$1 $2 ')
    .replace(/(\p{P})(\P{N})/gu, ' $1 $2')
    .replace(/\p{S}/gu, ' $& ');
  return pythonSplit(separated);
}

// What sacreBLEU's `zh` takes for Chinese. It wrote its ranges beyond U+FFFF as a character and a digit, so U+2001-U+2A6D
// are taken and characters beyond U+FFFF are not: the quirk is kept, for equal figures.
const chinese =
  /[\u2001-\u2a6d\u2e80-\u2fdf\u2ff0-\u303f\u3100-\u312f\u31a0-\u31ef\u3200-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\ufe10-\ufe1f\ufe30-\ufe4f\uff00-\uffef]/g;

/** sacreBLEU's `zh`: Chinese characters apart, the rest as in 13a without entities. */
function splitChinese(text: string): string[] {
  return splitWestern(pythonStrip(text).replace(chinese, ' $& '), false);
}

/** Every character but white space is a token. */
function splitCharacters(text: string): string[] {
  return [...text].filter((character) => !isPythonSpace(character.charCodeAt(0)));
}

const splitters: Readonly<Record<BleuTokenizerName, Splitter>> = {
  '13a': split13a,
  intl: splitInternational,
  zh: splitChinese,
  char: splitCharacters,
  none: pythonSplit,
};

/**
 * The tokens that BLEU counts, as sacreBLEU makes them: lowercased if asked, stripped at the end, tokenized, split.
 * @throws RangeError for an unknown tokenizer name.
 */
export function bleuTokens(text: string, tokenize: BleuTokenizerName | BleuTokenizer, lowercase: boolean): string[] {
  const line = pythonTrimEnd(lowercase ? text.toLowerCase() : text);
  if (typeof tokenize === 'function') return pythonSplit(tokenize(line));
  const split = splitters[tokenize];
  if (split === undefined) {
    throw new RangeError(`BLEU: no tokenizer "${String(tokenize)}", there are ${Object.keys(splitters).join(', ')}`);
  }
  return split(line);
}
