/**
 * Lines, from 1, on which the elements of an array start, in a text that is known to be valid JSON.
 * `open` is the index of the array's bracket.
 */
export function elementLines(text: string, open: number): number[] {
  const lines: number[] = [];
  let depth = 0;
  let line = 1 + countNewLines(text, 0, open);
  let fresh = true;
  for (let i = open + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === newLine) line++;
    if (code <= space) continue;
    if (depth === 0) {
      if (code === closeBracket) break;
      if (code === comma) {
        fresh = true;
        continue;
      }
      if (fresh) lines.push(line);
      fresh = false;
    }
    if (code === quote) i = stringEnd(text, i);
    else if (code === openBracket || code === openBrace) depth++;
    else if (code === closeBracket || code === closeBrace) depth--;
  }
  return lines;
}

/** The fields of the object at `root`: names, indexes and lines of their values, in the order of the text. */
export function* fieldPositions(
  text: string,
  root: number,
): Generator<{ readonly name: string; readonly start: number; readonly line: number }> {
  let depth = 0;
  let line = 1;
  let counted = 0;
  for (let i = root; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) {
      const end = stringEnd(text, i);
      const colon = skipSpace(text, end + 1);
      if (depth === 1 && text[colon] === ':') {
        const start = skipSpace(text, colon + 1);
        line += countNewLines(text, counted, start);
        counted = start;
        yield { name: JSON.parse(text.slice(i, end + 1)) as string, start, line };
        i = start - 1;
      } else i = end;
    } else if (code === openBracket || code === openBrace) depth++;
    else if (code === closeBracket || code === closeBrace) depth--;
  }
}

const newLine = 10;
const space = 32;
const quote = 34;
const comma = 44;
const openBracket = 91;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

export function countNewLines(text: string, start: number, end: number): number {
  let count = 0;
  for (let i = text.indexOf('\n', start); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) count++;
  return count;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= space) at++;
  return at;
}

/** Index of the quote that closes the string opened at `start`. */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 92) slashes++;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}
