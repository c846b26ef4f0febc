import { answerCues } from './answer-cues.ts';
import { includesMatch } from './match.ts';

export interface ReadChoiceOptions {
  /** The labels of the options in order: `['A', 'B', 'C', 'D']` or `['1', '2', '3']`. */
  readonly labels: readonly string[];
  /** What the options say, in the same order: a reply that names just one of them by its words counts. */
  readonly texts?: readonly string[];
}

export interface ChoiceReading {
  /** From 0; null where the reply names no option that can be told apart. */
  readonly index: number | null;
  readonly label: string | null;
  /** For people: what was read and why. */
  readonly explanation: string;
}

/** How far after a cue an option may stand. */
const reach = 200;

interface Mention {
  readonly label: string;
  readonly start: number;
}

/** Chinese and Japanese write no spaces: a label may touch their characters. */
const wordCharacter = String.raw`[[\p{L}\p{M}\p{N}_]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]]`;

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);
}

const negation =
  /(?:\bnot|n't|\bnever|\bnor|\bneither|\binstead of|\brather than|不是|不选|ではなく)\s*(?:option |choice |\()?["'*([]*$/iu;
const opening = /(?:[([{*"'“‘`「『【]|\boption |\bchoice |\bletter |\bnumber |\bno\. ?)$/iu;
/** What may follow a lone capital A or I that is a label and not a word. */
const verb = /^\s(?:is|are|was|and|or|because|since|as|would|seems|it's)\b/iu;

function marked(before: string, after: string): boolean {
  if (opening.test(before) || /^[)\]}*"'”’`」』】.:：,;]/u.test(after)) return true;
  return (before === '' || before.endsWith('\n')) && (after === '' || after.startsWith('\n'));
}

/** Patterns by labels: compiling one costs more than most replies. */
const patterns = new Map<string, RegExp>();

function labelPattern(labels: readonly string[]): RegExp {
  const key = labels.join('\n');
  let pattern = patterns.get(key);
  if (pattern === undefined) {
    const longestFirst = [...labels].sort((a, b) => b.length - a.length).map(escape);
    pattern = new RegExp(
      String.raw`(?<!${wordCharacter}|['’]|\d[.,:\/])(?:${longestFirst.join('|')})(?!${wordCharacter}|['’]\p{L}|[.,:\/]\d)`,
      'giv',
    );
    if (patterns.size >= 1000) patterns.clear();
    patterns.set(key, pattern);
  }
  return pattern;
}

/** Labels that stand by themselves: no letter or digit beside them, and no decimal, date or article. */
function mentions(text: string, { labels, texts }: ReadChoiceOptions, cues: readonly number[]): Mention[] {
  const found: Mention[] = [];
  let nextCue = 0;
  for (const match of text.matchAll(labelPattern(labels))) {
    const written = match[0];
    const label =
      labels.find((candidate) => candidate === written) ??
      labels.find((candidate) => candidate.toLowerCase() === written.toLowerCase());
    if (label === undefined) continue;
    const start = match.index;
    const before = text.slice(Math.max(0, start - 24), start);
    const after = text.slice(start + written.length, start + written.length + 12);
    if (negation.test(before)) continue;
    while (nextCue < cues.length && (cues[nextCue] as number) <= start) nextCue++;
    const cue = cues[nextCue - 1] ?? -Infinity;
    const cued = start - cue <= 24 && /^[\s*"'(]*$/u.test(text.slice(cue, start));
    const isMarked = cued || marked(before, after);
    const letter = /^\p{L}$/u.test(written);
    // "a" and "I" are words, other small letters are rarely labels: they count only where something marks them.
    if (letter && written !== label && !isMarked && text.trim() !== written) continue;
    if (letter && /^[AI]$/iu.test(written) && /^\s\p{L}/u.test(after) && !opening.test(before) && !verb.test(after)) {
      const own = texts?.[labels.indexOf(label)]?.toLowerCase();
      const rest = text
        .slice(start + 1, start + 8 + (own ?? '').length)
        .trimStart()
        .toLowerCase();
      if (written !== label || own === undefined || own === '' || !rest.startsWith(own)) continue;
    }
    found.push({ label, start });
  }
  return found;
}

function reading(options: ReadChoiceOptions, label: string, explanation: string): ChoiceReading {
  return { index: options.labels.indexOf(label), label, explanation };
}

function none(explanation: string): ChoiceReading {
  return { index: null, label: null, explanation };
}

/**
 * The option that a reply chooses, with the reason.
 *
 * 1. The first label that stands by itself after the last answer cue that has one ("the answer is", "Answer:", `\boxed{`,
 *    "答案是"), in the same line or the next.
 * 2. Else the first label that stands by itself.
 * 3. Else, with `texts`, the one option whose words the reply contains.
 *
 * Labels within words, numbers and dates do not stand by themselves; nor does one that is negated ("not B"), nor the
 * words "a" and "I". Everything else is unparsed, never guessed.
 * @throws RangeError without labels, or where texts do not match them.
 */
export function readChoice(reply: string, options: ReadChoiceOptions): ChoiceReading {
  const { labels, texts } = options;
  if (labels.length === 0) throw new RangeError('readChoice: no labels');
  if (texts !== undefined && texts.length !== labels.length) {
    throw new RangeError(`readChoice: ${texts.length} texts for ${labels.length} labels`);
  }
  const text = reply.normalize('NFKC');
  const cues = answerCues(text);
  const found = mentions(text, options, cues);
  let from = found.length;
  for (const cue of cues.toReversed()) {
    while (from > 0 && (found[from - 1] as Mention).start >= cue) from--;
    const mention = found[from];
    if (mention === undefined) continue;
    const gap = text.slice(cue, mention.start);
    if (gap.length > reach || gap.trimStart().includes('\n')) continue;
    return reading(options, mention.label, `"${mention.label}" is the first option after an answer cue`);
  }
  const [first] = found;
  if (first !== undefined) {
    const others = new Set(found.map(({ label }) => label)).size - 1;
    const more = others > 0 ? `, ahead of ${others} other${others > 1 ? 's' : ''}` : '';
    return reading(options, first.label, `"${first.label}" is the first option that stands by itself${more}`);
  }
  const named = (texts ?? []).flatMap((words, i) => (includesMatch(text, words) ? [i] : []));
  // An option's words may be part of another's: "red" in "dark red". The longer one was meant.
  const outer = named.filter((i) => !named.some((j) => j !== i && includesMatch(texts?.[j] ?? '', texts?.[i] ?? '')));
  if (outer.length === 1) {
    const at = outer[0] as number;
    return reading(options, labels[at] as string, `the words of option "${labels[at] as string}" are in the reply`);
  }
  return none(outer.length > 1 ? `the words of ${outer.length} options are in the reply` : 'no option in the reply');
}
