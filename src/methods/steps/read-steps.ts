import { paragraphSteps } from './paragraphs.ts';

/** A step with the number that the reply gives it, null where it gives none. */
export interface NumberedStep {
  readonly number: number | null;
  readonly text: string;
}

/** A reply taken apart. Texts may be blank and untrimmed. */
export interface RawSteps {
  readonly preamble: string;
  readonly steps: readonly NumberedStep[];
  readonly tail: string;
}

// Repetitions are bounded so that no reply makes a pattern slow.
const openTag = /<step[ \t]{0,3}#?(\d{1,4})?[ \t]{0,3}[:.]?[ \t]{0,3}>/gi;
const closeTag = /<[ \t]{0,3}\/[ \t]{0,3}step[ \t]{0,3}#?\d{0,4}[ \t]{0,3}>/gi;
const stepLine =
  /^[ \t]{0,8}(?:#{1,6}[ \t]{0,4})?[*_]{0,3}step[ \t]{0,3}#?(\d{1,3})[ \t]{0,3}(?:[*_]{0,3}[ \t]{0,3}[:.)\u2013\u2014-][*_]{0,3}|[*_]{0,3}[ \t]{0,8}$)/gim;
const listItem = /^[ \t]{0,3}[*_]{0,2}(\d{1,3})[.)][*_]{0,2}[ \t]+(?=\S)/gm;

/** Tags where there are any, else "Step n:" lines, else a numbered list, else paragraphs. */
export function readSteps(text: string): RawSteps {
  const tags = [...text.matchAll(openTag)];
  if (tags.length > 0) return taggedSteps(text, tags);
  const plain = withoutCloseTags(text);
  const lines = [...plain.matchAll(stepLine)];
  if (lines.length > 0) return markedSteps(plain, lines);
  const items = consecutive([...plain.matchAll(listItem)]);
  if (items.length > 1) return markedSteps(plain, items);
  return paragraphSteps(plain);
}

/** A space in their place, so that what stands around one cannot join into a tag. */
function withoutCloseTags(text: string): string {
  return text.replace(closeTag, ' ');
}

function numberOf(match: RegExpExecArray): number | null {
  return match[1] === undefined ? null : Number(match[1]);
}

function taggedSteps(text: string, tags: readonly RegExpExecArray[]): RawSteps {
  const steps: NumberedStep[] = [];
  let tail = '';
  for (const [i, tag] of tags.entries()) {
    const next = tags[i + 1];
    let piece = text.slice(tag.index + tag[0].length, next?.index);
    if (next === undefined) {
      const close = [...piece.matchAll(closeTag)].at(-1);
      if (close !== undefined) {
        tail = piece.slice(close.index + close[0].length);
        piece = piece.slice(0, close.index);
      }
    }
    steps.push({ number: numberOf(tag), text: withoutCloseTags(piece) });
  }
  return { preamble: withoutCloseTags(text.slice(0, tags[0]?.index)), steps, tail };
}

/** The longest beginning whose numbers follow on each other: a list within a step starts anew and is left in it. */
function consecutive(items: readonly RegExpExecArray[]): RegExpExecArray[] {
  const first = items.findIndex((item) => numberOf(item) === 1);
  const kept: RegExpExecArray[] = [];
  let last: number | undefined;
  for (const item of items.slice(Math.max(first, 0))) {
    const number = Number(item[1]);
    if (last !== undefined && number !== last + 1) continue;
    kept.push(item);
    last = number;
  }
  return kept;
}

/** The end of a last step that names the answer in a paragraph of its own is no part of it. */
const answerParagraph =
  /^[\s*#>_]{0,8}(?:(?:so|thus|therefore|hence)\b,?[ \t]{1,3})?(?:the[ \t]{1,3})?(?:final[ \t]{1,3})?answer\b/i;

function markedSteps(text: string, marks: readonly RegExpExecArray[]): RawSteps {
  const steps = marks.map((mark, i) => ({
    number: numberOf(mark),
    text: text.slice(mark.index + mark[0].length, marks[i + 1]?.index),
  }));
  const preamble = text.slice(0, marks[0]?.index);
  const last = steps.at(-1);
  if (last === undefined) return { preamble, steps, tail: '' };
  const trimmed = last.text.trimEnd();
  const blank = [...trimmed.matchAll(/\n[ \t]*\n/g)].at(-1);
  const end = blank === undefined ? '' : trimmed.slice(blank.index);
  const named = answerParagraph.test(end) || /^\s*<ans(?:wer)?>/i.test(end);
  if (blank === undefined || !named) return { preamble, steps, tail: '' };
  return {
    preamble,
    steps: [...steps.slice(0, -1), { number: last.number, text: trimmed.slice(0, blank.index) }],
    tail: end,
  };
}
