import { plainWords, type AnswerForm } from './answer-form.ts';
import { readExpression } from './read-expression.ts';
import { endOfGroup, splitOutside, tidyLatex } from './tidy-latex.ts';
import { canonicalUnit } from './units.ts';

const maxDepth = 6;
const maxItems = 100;
const textCommand = String.raw`\\(?:text|mbox|mathrm|textrm|textbf|operatorname)\s*\{`;
const trailingText = new RegExp(String.raw`^(.*?)\s*${textCommand}([^{}]*)\}\s*(\^\s*\{?\s*[23]\s*\}?)?$`, 's');
const onlyText = new RegExp(String.raw`^${textCommand}([^{}]*)\}$`, 's');
const numberWithWords =
  /^([-+]?\s*\$?\s*[-+]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:\s*\/\s*\d+)?(?:\s+\d+\s*\/\s*\d+)?)\s*\(?\s*((?:°\s*)?[a-zA-Z][a-zA-Z .\-/'’]*(?:\^\s*\{?[23]\}?)?)\s*\)?\.?$/u;
const relation = /\\(?:le|ge|ne)(?![a-zA-Z])|[<>=]/;
const matrix = /^\\begin\{([bpvBV]?(?:small)?matrix|array)\}(?:\{[^{}]*\})?(.*)\\end\{\1\}$/s;
const based = /^(\d[\dA-Fa-f]*)\s*_\s*(?:\{\s*(\d+)\s*\}|(\d+))$/;

const knownWords = /\\[a-zA-Z]+|(?:arc)?(?:sin|cos|tan)h?|cot|sec|csc|sqrt|log|exp|abs|infinity|inf|ln|pi/g;

/** Words of a sentence, or one word by itself: not the product of its letters, which "east" would share with "seat". */
function isProse(text: string): boolean {
  const rest = text.replace(knownWords, ' 1 ');
  return /\p{L}{4,}|^\s*\p{L}{3,}\s*$|\p{L}{2,}[\s,.;!?']+\p{L}{2,}/u.test(rest);
}

/** A value with its unit taken off: "5 \text{ cm}", "90^\circ", "50\%", "\$5", "9 (apples)". */
function readValue(text: string, words: 'units' | 'any'): AnswerForm | undefined {
  let rest = text;
  let unit: string | undefined;
  const money = /^([-+]?)\s*(?:\\\$|\$|US\$|€|£)\s*/.exec(rest);
  if (money !== null) {
    rest = `${money[1] as string}${rest.slice(money[0].length)}`;
    unit = /[€£]/.test(money[0]) ? undefined : 'dollar';
  }
  const inText = trailingText.exec(rest);
  if (inText !== null && (inText[1] as string) !== '') {
    const [, before = '', name = '', exponent = ''] = inText;
    unit = canonicalUnit(`${name}${exponent.replace(/[{}\s]/g, '')}`) ?? unit;
    rest = before;
  } else {
    const counted = numberWithWords.exec(rest);
    const name = counted?.[2] ?? '';
    // A letter or two beside a number are symbols in mathematics: only whole words and known units are taken off.
    if (
      counted !== null &&
      (words === 'any' || (name.length > 1 && canonicalUnit(name) !== undefined && !/^(?:in|sec|cu|min)$/.test(name)))
    ) {
      unit = canonicalUnit(name) ?? unit;
      rest = counted[1] as string;
    }
  }
  const percent = /^(.*?)\s*\\?%$/s.exec(rest);
  const degree = /^(.*?)\s*\\degree$/s.exec(rest);
  if (percent !== null) [rest, unit] = [percent[1] as string, '%'];
  else if (degree !== null) [rest, unit] = [degree[1] as string, 'degree'];
  const source = rest.replace(/^\s*\$/, '').trim();
  if (isProse(source)) return undefined;
  const expr = readExpression(source);
  return expr === undefined ? undefined : { kind: 'value', expr, source, unit };
}

/** "1 \pm \sqrt2" as its two values. */
function plusMinus(text: string, words: 'units' | 'any', depth: number): AnswerForm[] {
  const variants = [
    text.replace(/\\pm(?![a-z])/g, '+').replace(/\\mp(?![a-z])/g, '-'),
    text.replace(/\\pm(?![a-z])/g, '-').replace(/\\mp(?![a-z])/g, '+'),
  ];
  return variants.map((variant) => form(variant, words, depth + 1));
}

function items(text: string, separator: ',' | ';', words: 'units' | 'any', depth: number): AnswerForm[] {
  return splitOutside(text, separator)
    .slice(0, maxItems)
    .flatMap((item) =>
      /\\[pm][mp](?![a-z])/.test(item) ? plusMinus(item, words, depth) : [form(item, words, depth + 1)],
    );
}

function readRelation(text: string): AnswerForm | undefined {
  const sign = relation.exec(text);
  if (sign === null) return undefined;
  const [before, after] = [text.slice(0, sign.index), text.slice(sign.index + sign[0].length)];
  if (relation.test(after)) return undefined;
  const [left, right] = [readExpression(before.trim()), readExpression(after.trim())];
  if (left === undefined || right === undefined) return undefined;
  return { kind: 'relation', relation: sign[0].trim(), left, right, source: text };
}

/** Whether the bracket at the start closes at the very end. */
function enclosed(text: string): boolean {
  if (!/^[([].*[)\]]$/s.test(text)) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if ('([{'.includes(text[at] as string)) depth++;
    else if (')]}'.includes(text[at] as string) && --depth === 0) return at === text.length - 1;
  }
  return false;
}

function readBracketed(text: string, words: 'units' | 'any', depth: number): AnswerForm | undefined {
  const set = /^\\\{(.*)\\\}$/s.exec(text);
  if (set !== null && !/\\[{}]/.test(set[1] as string)) {
    return { kind: 'set', items: (set[1] as string).trim() === '' ? [] : items(set[1] as string, ',', words, depth) };
  }
  if (text === '\\emptyset') return { kind: 'set', items: [] };
  const rows = matrix.exec(text);
  if (rows !== null) {
    const lines = (rows[2] as string).split(/\\\\/).map((line) => line.trim());
    if (lines.at(-1) === '') lines.pop();
    return {
      kind: 'matrix',
      rows: lines.map((line) => splitOutside(line, '&').map((cell) => form(cell, 'units', depth + 1))),
    };
  }
  if (!enclosed(text)) return undefined;
  const parts = splitOutside(text.slice(1, -1), ',');
  if (parts.length < 2) return undefined;
  const inner = parts.slice(0, maxItems).map((part) => form(part, words, depth + 1));
  return { kind: 'tuple', open: text[0] as string, close: text.at(-1) as string, items: inner };
}

/** The form of a tidied text. */
function form(tidied: string, words: 'units' | 'any', depth: number): AnswerForm {
  let text = tidied.trim();
  if (depth > maxDepth || text.length > 4000) return { kind: 'text', text: plainWords(text) };
  while (text.startsWith('{') && endOfGroup(text, 0) === text.length - 1) text = text.slice(1, -1).trim();
  const boxed = /^\\f?boxed\s*\{/.exec(text);
  if (boxed !== null && endOfGroup(text, boxed[0].length - 1) === text.length - 1) {
    return form(text.slice(boxed[0].length, -1), words, depth + 1);
  }
  const bracketed = readBracketed(text, words, depth);
  if (bracketed !== undefined) return bracketed;
  const base = based.exec(text);
  if (base !== null)
    return { kind: 'based', digits: (base[1] as string).toUpperCase(), base: (base[2] ?? base[3]) as string };
  const time = /^(\d+(?:\s*:\s*\d+)+)\s*((?:[ap]\.?\s?m\.?)?)$/i.exec(text);
  if (time !== null) {
    const suffix = (time[2] as string).replace(/[.\s]/g, '').toLowerCase();
    return { kind: 'colon', items: (time[1] as string).split(':').map((part) => String(BigInt(part.trim()))), suffix };
  }
  const wordsOnly = onlyText.exec(text);
  if (wordsOnly !== null) return inner(wordsOnly[1] as string, words);
  if (text.includes('\\cup')) {
    const pieces = text.split(/\\cup(?![a-z])/).slice(0, maxItems);
    return { kind: 'union', items: pieces.map((piece) => form(piece, words, depth + 1)) };
  }
  const member = /^(?:[a-zA-Z]|\\[a-z]+)\s*\\in(?![a-z])(.*)$/s.exec(text);
  if (member !== null) return form(member[1] as string, words, depth + 1);
  const semicolons = splitOutside(text, ';');
  if (semicolons.length > 1) return { kind: 'list', items: items(text, ';', words, depth) };
  const named = /^(?:[a-zA-Z]|\\[a-z]+|[a-zA-Z]\s*\([a-z]\))\s*=\s*([^=]*)$/s.exec(text);
  if (named !== null && /[,]|\\pm/.test(named[1] as string)) return form(named[1] as string, words, depth + 1);
  const conjunction = text.replace(/(?:\s|\\text\{)\s*(?:and|or)\s*(?:\}|\s)/g, ' , ').replace(/,\s*,/g, ',');
  const commas = splitOutside(conjunction, ',');
  if (commas.length > 1 && commas.every((part) => part !== '')) {
    const list = items(conjunction, ',', words, depth);
    if (list.some((item) => item.kind !== 'text')) return { kind: 'list', items: list };
  }
  if (/\\(?:pm|mp)(?![a-z])/.test(text)) return { kind: 'list', items: plusMinus(text, words, depth) };
  return readRelation(text) ?? readValue(text, words) ?? { kind: 'text', text: plainWords(text) };
}

/** The inside of `\text{…}`: a value where it is one, else words. */
function inner(text: string, words: 'units' | 'any'): AnswerForm {
  const plain = plainWords(text);
  if (/\d/.test(plain)) {
    const value = readValue(plain, words);
    if (value !== undefined) return value;
  }
  return { kind: 'text', text: plain };
}

/**
 * Reads an answer: a value with its unit, words, a list, a set, a tuple or an interval, a union, a matrix, an equation or
 * an inequality, a numeral with its base, a time or ratio.
 * @param words which words after a number are taken off: known units only, or any (`9 apples`).
 */
export function readAnswer(text: string, words: 'units' | 'any'): AnswerForm {
  const tidied = tidyLatex(text.slice(0, 8000)).replace(/(?<!\d)\.$|(?<=\d)\.$/, '');
  return form(tidied, words, 0);
}
