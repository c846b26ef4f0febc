/** Why a text is not JSON. */
export interface JsonFault {
  /** Index of the offending character; the length of the text where it ends too early. */
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
  /** Set where the text is the beginning of a JSON value that goes on: between tokens, or within a string. */
  readonly incomplete: false | 'between' | 'string';
}

const literal = /(?:true|false|null)/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /[A-Za-z_$][\w$]*/y;
const space = /[ \t\r\n]*/y;

/** Recognises at `offset`; the end of the match, or -1. */
function match(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/**
 * Finds where and why a text stops being JSON (RFC 8259), undefined where it is JSON.
 * The engine's own message names no position for many faults, so this runs after a parse has failed.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: string[] = [];
  let at = match(space, text, 0);
  let expect: 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'comma' = 'value';
  while (true) {
    if (at >= text.length) {
      if (expect === 'comma' && open.length === 0) return undefined;
      return { offset: at, message: 'the JSON value is not complete', incomplete: 'between' };
    }
    const char = text[at] as string;
    if (expect === 'comma') {
      const container = open.at(-1);
      if (container === undefined) return fault(text, at, 'there is more text after the JSON value');
      if (char === ',') expect = container === '[' ? 'value' : 'key';
      else if (char === (container === '[' ? ']' : '}')) open.pop();
      else return fault(text, at, `expected "," or "${container === '[' ? ']' : '}'}" but found ${shown(char)}`);
      at = match(space, text, at + 1);
      continue;
    }
    if ((char === ']' && expect === 'value-or-end') || (char === '}' && expect === 'key-or-end')) {
      open.pop();
      expect = 'comma';
      at = match(space, text, at + 1);
      continue;
    }
    if (expect === 'key' || expect === 'key-or-end') {
      const end = stringEnd(text, at);
      if (typeof end !== 'number') return end;
      at = match(space, text, end);
      if (at >= text.length) return { offset: at, message: 'the JSON value is not complete', incomplete: 'between' };
      if (text[at] !== ':')
        return fault(text, at, `expected ":" after the name but found ${shown(text[at] as string)}`);
      at = match(space, text, at + 1);
      expect = 'value';
      continue;
    }
    if (char === '[' || char === '{') {
      open.push(char);
      expect = char === '[' ? 'value-or-end' : 'key-or-end';
      at = match(space, text, at + 1);
      continue;
    }
    if (char === '"') {
      const end = stringEnd(text, at);
      if (typeof end !== 'number') return end;
      at = end;
    } else {
      const end = Math.max(match(literal, text, at), match(number, text, at));
      const after = end < 0 ? undefined : text[end];
      if (end < 0 || (after !== undefined && /[\w.+$-]/.test(after))) return scalarFault(text, at, end);
      at = end;
    }
    expect = 'comma';
    at = match(space, text, at);
  }
}

/** The end of the string that starts at `at`, or what is wrong with it. */
function stringEnd(text: string, at: number): number | JsonFault {
  if (text[at] !== '"')
    return fault(text, at, `expected a name in double quotes but found ${shown(text[at] as string)}`);
  for (let i = at + 1; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '"') return i + 1;
    if (char < ' ') {
      return {
        offset: i,
        message: `a string holds a raw control character (U+${text.charCodeAt(i).toString(16).padStart(4, '0').toUpperCase()})`,
        hint: 'Write it as an escape: \\n for a new line, \\t for a tab.',
        incomplete: false,
      };
    }
    if (char === '\\') {
      const escape = text.slice(i, i + 6);
      if (/^\\["\\/bfnrt]/.test(escape)) i++;
      else if (/^\\u[0-9a-fA-F]{4}/.test(escape)) i += 5;
      else if (/^\\(?:u[0-9a-fA-F]{0,3})?$/.test(escape)) break;
      else return fault(text, i, `"${escape.slice(0, 2)}" is no JSON escape`, 'Write a backslash as \\\\.');
    }
  }
  return { offset: text.length, message: 'a string is not closed', incomplete: 'string' };
}

function scalarFault(text: string, at: number, end: number): JsonFault {
  const rest = text.slice(at);
  if (/^-?(?:NaN|Infinity)\b/.test(rest)) {
    const token = /^-?\w+/.exec(rest)?.[0] ?? 'NaN';
    return fault(
      text,
      at,
      `${token} is not JSON`,
      'Write null instead; in Python, json.dumps(..., allow_nan=False) finds such values.',
    );
  }
  const wordEnd = match(word, text, at);
  if (wordEnd === text.length && /^(?:t|f|n)/.test(rest) && ['true', 'false', 'null'].some((w) => w.startsWith(rest))) {
    return { offset: text.length, message: 'the JSON value is not complete', incomplete: 'between' };
  }
  if (wordEnd > 0) {
    const found = text.slice(at, wordEnd);
    const python = /^(?:True|False|None)$/.test(found);
    return fault(text, at, `${found.slice(0, 40)} is not JSON`, python ? pythonHint : undefined);
  }
  if (end > at && end < text.length) return fault(text, end, `a number is followed by ${shown(text[end] as string)}`);
  if (rest === '-') return { offset: text.length, message: 'the JSON value is not complete', incomplete: 'between' };
  return fault(text, at, `expected a value but found ${shown(text[at] as string)}`);
}

const pythonHint = 'This is how Python prints a value, not JSON: write the file with json.dumps.';

function fault(text: string, offset: number, message: string, hint?: string): JsonFault {
  const char = text[offset];
  const before = text.slice(0, offset).trimEnd().at(-1);
  const found =
    hint ??
    (char === "'"
      ? `JSON takes double quotes. ${pythonHint}`
      : (char === ']' || char === '}') && before === ','
        ? 'Remove the comma before it.'
        : char === '/' || char === '#'
          ? 'JSON has no comments.'
          : char === '\0'
            ? 'The file may be UTF-16 without a byte order mark, or binary.'
            : undefined);
  return { offset, message, incomplete: false, ...(found === undefined ? {} : { hint: found }) };
}

function shown(char: string): string {
  return char < ' ' ? `U+${char.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}` : `"${char}"`;
}
