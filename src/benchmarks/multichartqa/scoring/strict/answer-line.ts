export interface AnswerLine {
  readonly text: string;
  /** For people: where it was found. */
  readonly found: string;
}

/** "Answer:", "**Final answer** is", `"answer": "`, "Answer 2:"; the colon may be missing where a line begins so. */
const cue =
  /(?:^|[^\p{L}])answers?(?<number>[ \t]?\(?[1-9]\)?)?["']?[ \t]*(?:(?:would be|must be|should be|is|are)(?![\p{L}])[ \t]*:?|:|=)|^[ \t]*(?:final )?answer[ \t]+(?=[-\d$"'(])/giu;

/** A reply that ends so, without an answer line, gives none. */
const refusal =
  /(?<!\p{L})(?:unable|cannot|can't|can not|could not|couldn't|impossible|sorry|feel free|please (?:provide|share|refer|upload)|further assist|assist further)(?!\p{L})/iu;

/** The form that questions demand, said back: "The_answer_you_get", "The_answer_for_the_first_question; The_answer_…". */
const echoedForm = /^(?:["'*]*the_answer(?:_\w+)?["'*.]*(?:;\s*|$))+$/i;

const hasContent = /[\p{L}\p{N}]/u;

/** An answer is short; what is longer is cut, so that no reply takes long to read. */
const longestAnswer = 2000;

/** Brackets of a JSON object and quotes around an answer. */
function unwrapped(text: string): string {
  return text
    .trim()
    .slice(0, longestAnswer)
    .replace(/^["'[{(\s]*\{\s*/, '')
    .replace(/["']?\s*[}\]]+["']?$/, '')
    .trim();
}

/** The answer's text after the last cue of a line. */
function afterCue(line: string): { rest: string; number: number | undefined } | undefined {
  const last = [...line.matchAll(cue)].at(-1);
  if (last === undefined) return undefined;
  const number = last.groups?.['number']?.replaceAll(/\D/g, '');
  return { rest: line.slice(last.index + last[0].length), number: number ? Number(number) : undefined };
}

/** Answers to sub-questions, each on a line of its own: "Answer 1: 5", "Answer 2: 7". */
function numbered(lines: readonly string[], lastAt: number, count: number): string | undefined {
  const answers: (string | undefined)[] = [];
  for (const line of lines.slice(0, lastAt + 1)) {
    const found = afterCue(line);
    if (found?.number !== undefined) answers[found.number - 1] = found.rest.trim();
  }
  if (count < 2 || answers.length !== count) return undefined;
  for (let i = 0; i < count; i++) if (answers[i] === undefined) return undefined;
  return answers.join('; ');
}

/**
 * The line that a reply gives its answer in: the last one with an answer cue, from the last cue on; where nothing follows
 * on that line, the lines after it up to an empty one. Without a cue the last line. Null where there is nothing to read.
 * @param reply cleaned by `cleanReply`
 */
export function readAnswerLine(reply: string): AnswerLine | null {
  const lines = reply.split('\n');
  for (let at = lines.length - 1; at >= 0; at--) {
    const found = afterCue(lines[at] as string);
    if (found === undefined) continue;
    const several = found.number === undefined ? undefined : numbered(lines, at, found.number);
    if (several !== undefined) return { text: several, found: 'numbered answers' };
    const text = unwrapped(found.rest);
    if (echoedForm.test(text)) return null;
    if (hasContent.test(text) && !text.endsWith(':')) return { text, found: 'answer line' };
    const below = linesBelow(lines, at);
    if (below !== undefined) return { text: below, found: 'lines after "Answer:"' };
    return null;
  }
  const last = lines.findLast((line) => hasContent.test(line));
  return last === undefined || refusal.test(last)
    ? null
    : { text: unwrapped(last), found: 'last line, without an answer cue' };
}

/** What follows an empty answer line: the first block of lines, or its conclusion where a sentence comes after a list. */
function linesBelow(lines: readonly string[], at: number): string | undefined {
  const start = lines.findIndex((line, i) => i > at && hasContent.test(line));
  if (start < 0) return undefined;
  const end = lines.findIndex((line, i) => i > start && line.trim() === '');
  const list = lines.slice(start, end < 0 ? undefined : end).map((line) => unwrapped(line));
  const last = lines.findLast((line) => hasContent.test(line)) as string;
  if (list.length === 1 || /\s(?:is|are|was|were)\s/.test(last)) return list.length === 1 ? list[0] : unwrapped(last);
  return list.map((line) => line.replace(/^(?:\d[.)]|\([a-z\d]\))\s+/, '')).join('; ');
}
