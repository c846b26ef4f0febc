import { plainSigns, withoutThoughts } from './clean.ts';
import { standaloneNumbers } from './standalone-numbers.ts';

export type ListReading = { readonly numbers: readonly number[]; readonly from: string } | { readonly unread: string };

interface FoundNumber {
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/** Heads, tails and gaps longer than this hold words of their own. */
const longestPhrase = 120;

const noun = '(?:no\\.?|number|products?|items?|options?|aspects?|candidates?)';
/** Between two numbers of a list: a comma, ">" or "and", with brackets, quotes and nouns of the numbers themselves. */
const separator = new RegExp(
  '^[.)\\]"\'”\\s]*(?:[,;、，]|>+|≻|→|-+>|&|と|\\s(?:and|then|und|y|et|e)(?=\\s))\\s*(?:(?:and|then|und|y|et|e)\\s+)?' +
    `(?:${noun}\\s*)?[\\s#("'“\\[]*$`,
  'i',
);
const punctuationBefore = new RegExp(`^[\\s#("'“\\[{*-]*(?:${noun}\\s*)?[\\s#("'“\\[]*$`, 'i');
const punctuationAfter = /^[\s)\]}"'”.,;:!。]*$/;
const labelBefore = new RegExp(
  '(?:answers?|outputs?|ranking|order|results?|products?|items?|numbers?|selection|list|aspects?|choices?|antwort|ausgabe|' +
    'reihenfolge|respuesta|salida|réponse|sortie|classement|risposta|classifica|答え|回答|出力|順位)[\\p{L} \'’]{0,24}["”]?\\s*' +
    `(?:[:：=]|\\b(?:is|are)\\b|は)\\s*(?:${noun}\\s*)?[\\s#("'“\\[]*$`,
  'iu',
);
const enumerated = /^[\s*-]*(\d{1,4})[.):]\s*(\S.*)$/;

/**
 * The numbers that a reply lists, in its order: separated by commas, ">" or "and", in brackets or not, after a label,
 * before an explanation or within a sentence. The first line with a list counts, as in the reference's intention;
 * lines that repeat candidates with number and text ("6. roomy") are read where the text is that candidate's.
 */
export function readNumberList(reply: string, candidates: readonly string[] | undefined): ListReading {
  const text = plainSigns(withoutThoughts(reply)).trim();
  if (text === '') return { unread: 'the reply is empty' };
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const repeated = repeatedCandidates(lines, candidates);
  if (repeated !== undefined) return repeated;
  let counting = false;
  for (const line of lines) {
    const read = readLine(line);
    // A bare "4." that ends an enumeration which the token budget cut off is no answer.
    const cutOff = counting && read !== undefined && 'numbers' in read && read.numbers.length === 1;
    if (read !== undefined && !cutOff) return read;
    counting ||= enumerated.test(line);
  }
  const single = new Set(standaloneNumbers(text).map(({ value }) => value));
  if (single.size === 1 && lines.length === 1 && !enumerated.test(text)) {
    return { numbers: [...single], from: 'the one number of the reply' };
  }
  return { unread: single.size === 0 ? 'the reply has no numbers' : 'the reply has no list of numbers' };
}

function readLine(line: string): ListReading | undefined {
  const numbers = numbersIn(line);
  const first = numbers[0];
  const last = numbers.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const gap = (i: number): string => line.slice(numbers[i]?.end, numbers[i + 1]?.start);
  const head = line.slice(0, first.start);
  const opens = head.length <= longestPhrase && (punctuationBefore.test(head) || labelBefore.test(head));
  const quoted = (from: number, to: number): string => `"${line.slice(from, to).trim()}"`;

  const runs: FoundNumber[][] = [];
  for (const [i, found] of numbers.entries()) {
    if (i > 0 && isSeparator(gap(i - 1))) (runs.at(-1) as FoundNumber[]).push(found);
    else runs.push([found]);
  }
  const spaced = numbers.every((_, i) => i === numbers.length - 1 || gap(i).trim() === '');
  const closes = punctuationAfter.test(line.slice(last.end));
  if (opens && closes && (runs.length === 1 || spaced)) {
    return { numbers: numbers.map(({ value }) => value), from: quoted(first.start, last.end) };
  }
  const lists = runs.filter((run) => run.length > 1);
  const list = opens && runs[0] === lists[0] ? lists[0] : undefined;
  const texts = new Set(lists.map((run) => run.map(({ value }) => value).join()));
  if (list === undefined && texts.size > 1) {
    return { unread: `several lists of numbers in one line: ${[...texts].join(' and ')}` };
  }
  const read = list ?? lists[0];
  if (read === undefined) return undefined;
  return {
    numbers: read.map(({ value }) => value),
    from: quoted((read[0] as FoundNumber).start, (read.at(-1) as FoundNumber).end),
  };
}

const isSeparator = (gap: string): boolean => gap.length <= longestPhrase && separator.test(gap);

/** Whole numbers without sign, decimals, currency or unit. */
function numbersIn(line: string): FoundNumber[] {
  const found: FoundNumber[] = [];
  for (const match of line.matchAll(/\d+(?:\.\d+)*/g)) {
    const start = match.index;
    const end = start + match[0].length;
    const before = line.slice(Math.max(0, start - 2), start);
    const after = line.slice(end, end + 2);
    if (!/^\d{1,4}$/.test(match[0])) continue;
    if (/[\p{Script=Latin}_$€£¥+−]$|(?:^|[\s,;([])-$|\d[-–/:]$/u.test(before)) continue;
    if (/^(?:[\p{Script=Latin}_%]|-\p{L}|[-–/:]\d)/u.test(after)) continue;
    found.push({ value: Number(match[0]), start, end });
  }
  return found;
}

/** `6. roomy` on every line that starts with a number, each with the text of its own candidate. */
function repeatedCandidates(
  lines: readonly string[],
  candidates: readonly string[] | undefined,
): ListReading | undefined {
  if (candidates === undefined) return undefined;
  const numbers: number[] = [];
  for (const line of lines) {
    const match = enumerated.exec(line);
    if (match === null) continue;
    const own = candidates[Number(match[1]) - 1];
    if (own === undefined || comparable(own) !== comparable(match[2] as string)) return undefined;
    numbers.push(Number(match[1]));
  }
  if (numbers.length === 0) return undefined;
  // The list from its start is what models write that only copy it.
  if (numbers.length > 1 && numbers.every((number, i) => number === i + 1)) {
    return { unread: 'the reply repeats the list of candidates' };
  }
  return { numbers, from: 'lines with number and text of candidates' };
}

/** Without case, quotes and a full stop. */
function comparable(text: string): string {
  return text
    .toLowerCase()
    .split(/[\s"'“”‘’]+/)
    .filter((part) => part !== '')
    .join(' ')
    .replace(/\.$/, '');
}
