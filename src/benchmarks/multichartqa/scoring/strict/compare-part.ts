import { readChoice } from '../../../../metrics/index.ts';
import { type Comparison, comparisonOf, type GoldPart, readGoldPart } from './gold-part.ts';
import type { Options } from './options.ts';
import { type Quantity, readQuantities, readRanks, writtenNumbers } from './quantity.ts';
import { answerWords, sameWords } from './words.ts';

export interface PartVerdict {
  readonly right: boolean;
  /** For people. */
  readonly why: string;
}

export interface PartContext {
  readonly task: string;
  readonly options: Options | undefined;
  /** From a label file. */
  readonly rule: Comparison | undefined;
  /** The question asks to leave units out: "41.3" then says "41.3M" too. */
  readonly withoutUnits: boolean;
}

const readOffTolerance = 0.05;

const right = (why: string): PartVerdict => ({ right: true, why });
const wrong = (why: string): PartVerdict => ({ right: false, why });

/** Whether one part of a reply gives one part of the gold. Both with signs written alike. */
export function comparePart(gold: GoldPart, part: string, context: PartContext): PartVerdict {
  switch (gold.kind) {
    case 'letter':
      return compareLetter(gold.letter, part, context.options);
    case 'number':
      return compareNumber(gold.quantity, gold.text, part, context);
    case 'rank':
      return compareRank(gold.rank, gold.text, part);
    case 'pair':
      return comparePair(gold.quantities, gold.text, part);
    case 'text':
      return compareText(gold.text, part, context);
  }
}

/** "A, C", "(a) or (c)"; small letters only where nothing follows, as "a" is a word too. */
const letterLists = [
  /^\(?([A-H])\)?(?:\s*(?:,|\/|&|and|or)\s*\(?([A-H])\)?(?![\p{L}\p{N}']))+/u,
  /^\(?([a-h])\)?(?:\s*(?:,|\/|&|and|or)\s*\(?([a-h])\)?(?![\p{L}\p{N}']))+$/u,
];

/** The option that a text names: one letter in any case and dress, or an option's words. Null for none and for several. */
export function readLetter(text: string, options: Options): { letter: string | null; why: string } {
  const { labels, texts } = options;
  const bare = text.trim().replace(/^["'([]+|["')\].:]+$/g, '');
  const marked = /^(?:option\s+)?\(?([A-H])(?:[).:]+\s*|\s+-\s+)(\S.*)$/is.exec(bare);
  const said = marked?.[2] ?? bare;
  const named = said.length > 1 ? labels[texts.findIndex((words) => sameWords(words, said))] : undefined;
  const letter = marked?.[1]?.toUpperCase();
  if (named !== undefined && (letter === undefined || letter === named)) {
    return { letter: named, why: letter === undefined ? 'the words of the option' : 'letter and words of the option' };
  }
  if (named !== undefined) return { letter: null, why: `letter ${letter} with the words of option ${named}` };
  const list = letterLists.map((pattern) => pattern.exec(bare)).find((found) => found !== null);
  if (list !== undefined && list[1] !== list[2]) return { letter: null, why: 'several letters' };
  const reading = readChoice(text, { labels, texts });
  return { letter: reading.label, why: reading.explanation };
}

function compareLetter(letter: string, part: string, options: Options | undefined): PartVerdict {
  const read = readLetter(part, options ?? { labels: ['A', 'B', 'C', 'D'], texts: ['', '', '', ''] });
  if (read.letter === null) return wrong(`"${part}" names no option (${read.why})`);
  return read.letter === letter ? right(`option ${letter}`) : wrong(`option ${read.letter}, not ${letter}`);
}

const cueBeforeNumber =
  /(?:^|\s)(?:is|are|was|were|equals|approximately|about|around|roughly|nearly|total(?:s|ing)?)(?:\s|:)|[=≈~:]/giu;

/** The number that a part gives: its only one, else the first after the last "is", "=" or the like. */
export function readAnswerNumber(part: string): Quantity | string {
  const text = writtenNumbers(part);
  const outside = text.replace(/\([^()]*\)/g, ' ');
  let numbers = readQuantities(outside);
  if (numbers.length === 0) numbers = readQuantities(text);
  const [first] = numbers;
  if (first === undefined) return 'no number';
  if (numbers.every(({ value, percent }) => value === first.value && percent === first.percent)) return first;
  const several = `several numbers: ${numbers.map(({ raw }) => raw).join(', ')}`;
  const cued = [...outside.matchAll(cueBeforeNumber)].map((match) => match.index + match[0].length);
  for (const start of cued.toReversed()) {
    const tail = outside.slice(start);
    const after = readQuantities(tail);
    const [given] = after;
    if (given === undefined) continue;
    // "is 3, 5, 7" gives none of them.
    return after.length === 1 ||
      /^\s*(?:in|for|at|during|as|since|with|out|on)(?!\p{L})/iu.test(tail.slice(given.index + given.raw.length))
      ? given
      : several;
  }
  const qualified = readQuantities(
    outside.replace(/(?<=\d\S*\s)(?:in|for|at|during|as of|since|with|out of)\s.*$/su, ''),
  );
  return qualified.length === 1 ? (qualified[0] as Quantity) : several;
}

/** The readings of two numbers that may be meant: by scale letters, and a share for a percentage. */
export function agree(gold: Quantity, given: Quantity, comparison: Comparison): boolean {
  if (gold.currency !== undefined && given.currency !== undefined && gold.currency !== given.currency) return false;
  const tolerance = comparison === 'exact' ? 1e-9 : readOffTolerance + 1e-9;
  const close = (value: number, expected: number): boolean =>
    Math.abs(value - expected) <= tolerance * Math.abs(expected);
  for (const expected of gold.values) {
    for (const value of given.values) {
      if (close(value, expected)) return true;
      if (gold.percent && !given.percent && Math.abs(value) <= 1 && close(value * 100, expected)) return true;
      if (given.percent && !gold.percent && Math.abs(expected) <= 1 && close(value / 100, expected)) return true;
    }
  }
  return false;
}

function compareNumber(
  gold: Quantity,
  text: string,
  part: string,
  { task, rule, withoutUnits }: PartContext,
): PartVerdict {
  const given = readAnswerNumber(part);
  if (typeof given === 'string') {
    return sameWords(text, part) ? right(`the words of "${text}"`) : wrong(`"${part}" gives no number (${given})`);
  }
  const comparison = rule ?? comparisonOf(gold, task);
  const how = comparison === 'exact' ? 'exactly' : 'within 5 %';
  const unscaled = { ...gold, value: gold.written, values: [gold.written] };
  if (withoutUnits && gold.written !== gold.value && given.written === given.value && given.unit === undefined) {
    if (agree(unscaled, given, comparison))
      return right(`${given.raw} is ${text} ${how}, as the question asks for no unit`);
  }
  return agree(gold, given, comparison)
    ? right(`${given.raw} is ${text} ${how}`)
    : wrong(`${given.raw} is not ${text} ${how}`);
}

function compareRank(rank: number, text: string, part: string): PartVerdict {
  const named = readRanks(part);
  const bare = named.length === 0 ? readAnswerNumber(part) : undefined;
  const given = typeof bare === 'object' && bare.bare ? bare.value : named[0];
  if (named.length > 1) return wrong(`"${part}" names several ranks`);
  if (given === undefined) return wrong(`"${part}" names no rank`);
  return given === rank ? right(`"${part}" is ${text}`) : wrong(`"${part}" is not ${text}`);
}

function comparePair(golds: readonly [Quantity, Quantity], text: string, part: string): PartVerdict {
  const shown: string[] = [];
  for (const reading of readingsOf(part)) {
    const numbers = readQuantities(writtenNumbers(reading));
    const equal = numbers.length === 2 && golds.every((gold, i) => agree(gold, numbers[i] as Quantity, 'exact'));
    if (equal || sameWords(text, reading)) return right(`"${reading}" is "${text}"`);
    shown.push(numbers.map(({ raw }) => raw).join(', ') || 'no number');
  }
  return wrong(`${shown[0]}, not "${text}"`);
}

const listSeparator = /\s*[,;]\s+(?:and\s+)?|\s+and\s+|\s*;\s*/;

/**
 * What a sentence may give as its answer: itself, what follows its last verb or colon, its only quotation, the last item
 * of a list of numbers and one text ("2021, Wind"); each also without a bracket at the end.
 */
function readingsOf(part: string): string[] {
  const readings = [part];
  const tail = part.split(/\s(?:is|are|was|were)\s|:\s/).at(-1) ?? '';
  if (tail !== part && tail.trim() !== '') readings.push(tail);
  const quoted = [...part.matchAll(/"([^"]+)"/g)];
  if (quoted.length === 1) readings.push(quoted[0]?.[1] ?? '');
  const item = /^(?:[\d.,%$\s]+,\s+)(\D+)$/.exec(part)?.[1];
  if (item !== undefined) readings.push(item);
  return readings.flatMap((text) => [text, text.replace(/\s*\([^()]*\)[.\s]*$/, '')]);
}

/** "… is higher than that of B" gives "higher than", "… is mostly bad for C" gives "is mostly bad for". */
function predicateBegins(part: string, gold: string): boolean {
  const predicate = part.split(/\s(?:is|are|was|were)\s/).at(-1) ?? '';
  if (predicate === part || /,|\s(?:and|or)\s/.test(predicate)) return false;
  return answerWords(predicate).startsWith(`${answerWords(gold)}\0`);
}

function compareText(gold: string, part: string, context: PartContext): PartVerdict {
  const golds = [gold, gold.replace(/\s*\([^()]*\)\s*$/, '')].filter((text) => text.trim() !== '');
  const readings = readingsOf(part);
  if (golds.some((expected) => readings.some((given) => sameWords(expected, given)))) {
    return right(`the words of "${gold}"`);
  }
  const isVerdict = /^(?:yes|no)$/i.test(gold.trim());
  if (!isVerdict && predicateBegins(part, gold)) return right(`"${gold}" is what the sentence says`);
  const verdict = /^(yes|no)\s*[,.:;-]/i.exec(part)?.[1]?.toLowerCase();
  if (isVerdict && verdict === gold.trim().toLowerCase()) return right(`"${gold}" with a reason`);
  return compareList(gold, part, context) ?? wrong(`"${part}" is not "${gold}"`);
}

/** Lists item by item: numbers in order, texts in any order, each item once. */
function compareList(gold: string, part: string, context: PartContext): PartVerdict | undefined {
  const unbracketed = (text: string): string => text.trim().replace(/^[([](.*)[)\]]$/s, '$1');
  const golds = unbracketed(gold)
    .split(listSeparator)
    .filter((item) => item !== '')
    .map((item) => readGoldPart(item, false));
  if (golds.length < 2) return undefined;
  for (const reading of readingsOf(part)) {
    const left = unbracketed(reading)
      .split(listSeparator)
      .filter((item) => item !== '');
    if (left.length !== golds.length) continue;
    const ordered = golds.every(({ kind }) => kind === 'number');
    const all = golds.every((expected, i) => {
      const at = ordered ? i : left.findIndex((item) => item !== '' && comparePart(expected, item, context).right);
      if (at < 0 || !comparePart(expected, left[at] as string, context).right) return false;
      left[at] = '';
      return true;
    });
    if (all) return right(`all ${golds.length} items of "${gold}"`);
  }
  return undefined;
}
