import { FettleError } from '../core/index.ts';

/** What is wrong with a Python literal, and where. */
export function pythonFault(message: string, offset: number): FettleError {
  return new FettleError(`No Python literal: ${message} at offset ${offset}`, {
    code: 'python-literal',
    where: `offset ${offset}`,
    hint: 'Lists, tuples, dictionaries, strings, numbers, True, False and None are read.',
  });
}

interface StringKind {
  readonly quote: string;
  readonly raw: boolean;
  readonly bytes: boolean;
}

/** Reads a Python string from just after its opening quote to just after its closing one. */
export function readPythonString(text: string, start: number, kind: StringKind): { value: string; end: number } {
  const { quote, raw, bytes } = kind;
  let at = start;
  let value = '';
  while (true) {
    const char = text[at];
    if (char === undefined) throw pythonFault('a string is not closed', start);
    if (text.startsWith(quote, at)) return { value, end: at + quote.length };
    if (quote.length === 1 && (char === '\n' || char === '\r')) throw pythonFault('a string is not closed', start);
    if (bytes && char > '\x7f') throw pythonFault('bytes hold a character beyond ASCII', at);
    if (char === '\r') {
      // Python reads every line end as \n.
      at += text[at + 1] === '\n' ? 2 : 1;
      value += '\n';
    } else if (char !== '\\') {
      at++;
      value += char;
    } else if (raw) {
      // A backslash keeps the quote after it from closing the string; both stay.
      const next = text[at + 1];
      const takesNext = next !== undefined && next !== '\r';
      value += takesNext ? char + next : char;
      at += takesNext ? 2 : 1;
    } else {
      const escape = readEscape(text, at, bytes);
      value += escape.value;
      at = escape.end;
    }
  }
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** `at` is the index of the backslash. */
function readEscape(text: string, at: number, bytes: boolean): { value: string; end: number } {
  const char = text[at + 1];
  if (char === undefined) throw pythonFault('a string is not closed', at);
  const simple = simpleEscapes[char];
  if (simple !== undefined) return { value: simple, end: at + 2 };
  if (char === '\r') return { value: '', end: at + (text[at + 2] === '\n' ? 3 : 2) };
  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0];
  if (octal !== undefined) {
    const code = Number.parseInt(octal, 8);
    return { value: String.fromCodePoint(bytes ? code & 0xff : code), end: at + 1 + octal.length };
  }
  const length = char === 'x' ? 2 : bytes ? undefined : char === 'u' ? 4 : char === 'U' ? 8 : undefined;
  if (length !== undefined) {
    const digits = text.slice(at + 2, at + 2 + length);
    if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) throw pythonFault(`\\${char} lacks digits`, at);
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff) throw pythonFault('there is no such character', at);
    return { value: String.fromCodePoint(code), end: at + 2 + length };
  }
  if (char === 'N' && !bytes) throw pythonFault('characters by name (\\N{...}) are not read', at);
  return { value: `\\${char}`, end: at + 2 };
}
