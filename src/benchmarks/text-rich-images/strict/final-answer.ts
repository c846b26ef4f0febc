import { answerCues, withoutThoughts } from '../../../metrics/index.ts';
import type { Setting } from '../options.ts';

export interface FinalAnswer {
  readonly text: string;
  /** Where it was found, for people. */
  readonly where: string;
}

/** How much of a reply after a cue is looked at for the answer's line. */
const reach = 2000;

/**
 * The answer that a reply gives, null where it gives none: what follows the last answer cue ("Answer:", "the answer is",
 * `\boxed{`) in its line or the next that is not blank; without a cue the reply's last line after reasoning, its first line
 * otherwise. Thoughts between tags do not count. Markdown's emphasis, quotes around it and a full stop at its end go.
 */
export function finalAnswer(reply: string, setting: Setting): FinalAnswer | null {
  const text = withoutThoughts(reply).trim();
  if (text === '') return null;
  for (const cue of answerCues(text).reverse()) {
    const rest = text.slice(cue, cue + reach);
    const boxed = text.slice(0, cue).endsWith('{') ? /^[^{}]*/.exec(rest)?.[0] : undefined;
    const found = tidy(boxed ?? firstLine(rest));
    if (found !== '') return { text: found, where: 'after the last answer cue' };
  }
  const lines = text.split('\n').flatMap((line) => tidy(line) || []);
  const [first] = lines;
  if (first === undefined) return null;
  if (lines.length === 1) return { text: first, where: 'the whole reply' };
  const line = setting === 'cot' ? (lines.at(-1) ?? first) : first;
  return { text: line, where: `the ${setting === 'cot' ? 'last' : 'first'} of ${lines.length} lines` };
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => tidy(line) !== '') ?? '';
}

const pairs: Readonly<Record<string, string>> = { '"': '"', "'": "'", '`': '`', '“': '”', '‘': '’', '«': '»' };

/** Takes off what is around an answer and not of it. */
function tidy(line: string): string {
  let text = line.trim();
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(/^(?:\*\*|__|[*_](?=\S))([^*]+?)(?:\*\*|__|[*_])$/, '$1').replace(/^[*:\s]+(?=\S)|\*+$/g, '');
    const closing = pairs[text[0] ?? ''];
    if (closing !== undefined && text.length > 2 && text.endsWith(closing)) text = text.slice(1, -1);
    // "U.S." ends in a point of its own.
    if (text.endsWith('.') && !/(?:^|[\s.])\p{L}\.$/u.test(text)) text = text.slice(0, -1);
    text = text.trim();
  }
  return text;
}
