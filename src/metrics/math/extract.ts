import { withoutThoughts } from '../answers/index.ts';
import { readChoice } from '../answers/read-choice.ts';
import { choiceTexts, type AnswerKind } from './strict.ts';
import { endOfGroup } from './tidy-latex.ts';

export interface ExtractOptions {
  /** What is looked for where the reply marks no answer. Default `latex`. */
  readonly kind?: AnswerKind;
  /** The options of a multiple choice, with or without their letters. */
  readonly choices?: readonly string[];
}

/** Replies are read to this length from their end: answers stand there. */
const maxLength = 200_000;

const cue =
  /(?:final answer|answer|result|solution)\s*(?:\((?:arabic numerals|in numerals)\)\s*)?(?:is|are|=|:)\s*:?\s*/giu;
const number =
  /(?<![\p{L}\d_.])[-−]?(?:\\?\$|[€£])?\s?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?:\.\d+|(?<=\d))(?:\s*\/\s*\d+(?:\.\d+)?)?(?:\s?\\?%)?(?![\p{L}\d_])/gu;

/** The content of the last whole `\boxed{…}`; braces are balanced, and `\boxed 5` takes one token. */
function lastBox(text: string): string | null {
  let tries = 0;
  for (let at = text.lastIndexOf('\\boxed'); at >= 0; at = at === 0 ? -1 : text.lastIndexOf('\\boxed', at - 1)) {
    // Each box that never closes is looked through to the end: a reply made of them must not take forever.
    if (++tries > 100) return null;
    const open = /^\\boxed\s*(\{?)/.exec(text.slice(at, at + 40)) as RegExpExecArray;
    const start = at + open[0].length;
    if (open[1] === '') {
      const token = /^[^\s$\\{}]+/.exec(text.slice(start, start + 200))?.[0];
      if (token !== undefined) return token;
      continue;
    }
    const end = endOfGroup(text, start - 1);
    if (end >= 0 && text.slice(start, end).trim() !== '') return text.slice(start, end).trim();
  }
  return null;
}

/** The content of the last `<ans>` (or `<answer>`); a tag that is never closed ends with the line. */
function lastTag(text: string): string | null {
  const open = [...text.matchAll(/<(ans|answer)>/gi)].at(-1);
  if (open === undefined) return null;
  const rest = text.slice(open.index + open[0].length);
  const close = rest.search(/<\/\s*(?:ans|answer)\s*>/i);
  const content = (close >= 0 ? rest.slice(0, close) : (rest.split('\n', 1)[0] as string)).trim();
  return content === '' ? null : content;
}

/** What stands in one formula: "$x = 5$" and "\(5\)" without their delimiters. */
function undelimited(text: string): string {
  const trimmed = text
    .trim()
    .replace(/^\*+|\*+$/g, '')
    .trim();
  const formula = /^(?:\$\$?([^$]+)\$?\$|\\\((.+?)\\\)|\\\[(.+?)\\\])\s*\.?$/s.exec(trimmed);
  return (formula?.[1] ?? formula?.[2] ?? formula?.[3] ?? trimmed).trim();
}

/** The end of the sentence that an answer stands in: a point before a space, or the end of the line. */
function sentence(text: string): string {
  const line = text.replace(/^[\s*]+/, '').split('\n', 1)[0] as string;
  const formula = /^(?:\$\$?[^$]+\$\$?|\\\(.+?\\\)|\\\[.+?\\\])/s.exec(line)?.[0];
  if (formula !== undefined && !/^\$\d[\d,.]*\s/.test(formula)) return undelimited(formula);
  const stop = /\.(?=\s|$|\*)/.exec(line);
  return undelimited(stop === null ? line : line.slice(0, stop.index));
}

function lastNumber(text: string): string | null {
  const found = [...text.matchAll(number)].map((match) => match[0].trim()).filter((match) => /\d/.test(match));
  return found.at(-1) ?? null;
}

function inner(marked: string, kind: AnswerKind): string {
  const box = lastBox(marked);
  return box === null ? undelimited(marked) : kind === 'choice' ? box : inner(box, kind);
}

/** After the last cue that is followed by something: for numbers, the first number there. */
function afterCue(text: string, kind: AnswerKind): string | null {
  for (const match of [...text.matchAll(cue)].reverse()) {
    const rest = text.slice(match.index + match[0].length, match.index + match[0].length + 500);
    const said = sentence(rest);
    if (said === '') continue;
    if (kind !== 'number') return said;
    const first = [...said.matchAll(number)].find((found) => /\d/.test(found[0]));
    if (first !== undefined) return first[0].trim();
  }
  return null;
}

/**
 * The answer that a reply gives, as written, for a grader to read. In this order: the last `<ans>` tag, the last
 * `\boxed{…}`, what follows the last "####", what follows the last "answer is" or "Answer:", and, for numbers and
 * mathematics, the last formula of a line by itself or the last number. Thoughts between tags are left out. For choices a
 * letter is returned where one is named.
 *
 * Null where the reply gives none: it is unparsed, not wrong by guess.
 */
export function extractMathAnswer(reply: string, options: ExtractOptions = {}): string | null {
  const { kind = 'latex', choices } = options;
  const text = withoutThoughts(reply.slice(-maxLength));
  const tagged = lastTag(text) ?? lastBox(text);
  if (tagged !== null) return inner(tagged, kind);
  const hashes = text.lastIndexOf('####');
  if (hashes >= 0) {
    const line = (
      text
        .slice(hashes + 4)
        .trimStart()
        .split('\n', 1)[0] as string
    ).trim();
    if (line !== '') return undelimited(line);
  }
  if (kind === 'choice') {
    const labels = (choices ?? ['A', 'B', 'C', 'D', 'E']).map((_, i) => String.fromCharCode(65 + i));
    const read = readChoice(text, choices === undefined ? { labels } : { labels, texts: choiceTexts(choices) });
    if (read.label !== null) return read.label;
    return afterCue(text, 'latex') ?? lastNumber(text);
  }
  const cued = afterCue(text, kind);
  if (cued !== null) return cued;
  if (kind === 'latex') {
    const lone = text.trim();
    if (lone !== '' && lone.length <= 200 && !/\n|\\boxed/.test(lone) && !/\p{L}{3,} \p{L}{2,} /u.test(lone)) {
      return undelimited(lone.replace(/(?<!\d)\.$/, ''));
    }
    const formula = [...text.matchAll(/\$\$?([^$]{1,300})\$\$?|\\\((.{1,300}?)\\\)|\\\[(.{1,300}?)\\\]/gs)].at(-1);
    if (formula !== undefined) {
      const content = (formula[1] ?? formula[2] ?? formula[3] ?? '').trim();
      return content.split('=').at(-1)?.trim() ?? content;
    }
  }
  return lastNumber(text);
}
