import type { FettleError, JsonValue } from '../core/index.ts';
import { pythonFault as fault, readPythonString } from './python-string.ts';

export interface PythonLiteralOptions {
  /** Longest text, in characters. Default 1,000,000. */
  readonly maxLength?: number | undefined;
  /** Brackets within brackets. Default 100, as deep as CPython's own parser may go at least. */
  readonly maxDepth?: number | undefined;
}

/**
 * Reads a Python literal as `ast.literal_eval` would, as JSON: tuples and sets become arrays, None null,
 * dictionary keys text, bytes text of the same code points; integers beyond ±(2^53 - 1) text.
 * Nothing is evaluated. Strings with all escapes and the prefixes r, b, u; implicit concatenation; numbers of every base.
 *
 * Not read: complex numbers, f-strings, Ellipsis. Throws a FettleError `python-literal` with the offset.
 */
export function parsePythonLiteral(
  text: string,
  { maxLength = 1_000_000, maxDepth = 100 }: PythonLiteralOptions = {},
): JsonValue {
  if (text.length > maxLength) throw fault('the text is too long', 0);
  return new Parser(text, maxDepth).whole();
}

/** Blanks where a line may end: within brackets, before and after the value. */
const space = /(?:[ \t\f\r\n]|\\\r?\n|#[^\n]*)*/y;
/** Blanks within a line. */
const lineSpace = /(?:[ \t\f]|\\\r?\n|#[^\n]*)*/y;
const numberToken =
  /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*\.?(?:[eE][+-]?\d(?:_?\d)*)?/y;
const stringStart = /([A-Za-z]{0,2})('''|"""|'|")/y;
const word = /[A-Za-z_]\w*/y;

class Parser {
  #at = 0;
  /** Brackets that are open. */
  #open = 0;
  readonly #text: string;
  readonly #maxDepth: number;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  whole(): JsonValue {
    this.#skip(space);
    const first = this.#value(0);
    this.#skip();
    const isTuple = this.#text[this.#at] === ',';
    const value = isTuple ? this.#bareTuple(first) : first;
    this.#skip(space);
    if (this.#at < this.#text.length) throw this.#unexpected();
    return value;
  }

  /** `1, 2` without brackets is a tuple. */
  #bareTuple(first: JsonValue): JsonValue {
    const items = [first];
    while (this.#take(',')) {
      if (this.#text[this.#at] === undefined || /[\r\n]/.test(this.#text[this.#at] as string)) break;
      items.push(this.#value(0));
      this.#skip();
    }
    return items;
  }

  #value(depth: number): JsonValue {
    if (depth > this.#maxDepth) throw fault(`more than ${this.#maxDepth} brackets within brackets`, this.#at);
    const char = this.#text[this.#at];
    switch (char) {
      case '[':
        return this.#items(']', depth).values;
      case '(': {
        const { values, commas } = this.#items(')', depth);
        return values.length === 1 && commas === 0 ? (values[0] as JsonValue) : values;
      }
      case '{':
        return this.#braces(depth);
      case '+':
      case '-':
        return this.#signed();
      default:
        if (char !== undefined && /[\d.]/.test(char)) return this.#number('');
        return this.#stringOrWord();
    }
  }

  #items(close: string, depth: number): { values: JsonValue[]; commas: number } {
    const values: JsonValue[] = [];
    let commas = 0;
    this.#enter();
    while (!this.#leave(close)) {
      values.push(this.#value(depth + 1));
      this.#skip();
      if (this.#take(',')) commas++;
      else if (this.#text[this.#at] !== close) throw this.#unexpected();
    }
    return { values, commas };
  }

  #braces(depth: number): JsonValue {
    this.#enter();
    const object: Record<string, JsonValue> = {};
    if (this.#leave('}')) return object;
    let keyAt = this.#at;
    let key = this.#value(depth + 1);
    this.#skip();
    if (this.#text[this.#at] !== ':') return this.#set(key, depth);
    while (true) {
      if (!this.#take(':')) throw this.#unexpected();
      setField(object, keyText(key, keyAt), this.#value(depth + 1));
      this.#skip();
      if (this.#leave('}')) return object;
      if (!this.#take(',')) throw this.#unexpected();
      if (this.#leave('}')) return object;
      keyAt = this.#at;
      key = this.#value(depth + 1);
      this.#skip();
    }
  }

  /** A set after its first item, as an array without repeats. */
  #set(first: JsonValue, depth: number): JsonValue {
    const items = new Set([first]);
    while (!this.#leave('}')) {
      if (!this.#take(',')) throw this.#unexpected();
      if (this.#leave('}')) break;
      items.add(this.#value(depth + 1));
      this.#skip();
    }
    return [...items];
  }

  #signed(): JsonValue {
    const sign = this.#text[this.#at++] as string;
    this.#skip();
    const char = this.#text[this.#at];
    if (char === undefined || !/[\d.]/.test(char)) throw this.#unexpected();
    return this.#number(sign === '-' ? '-' : '');
  }

  #number(sign: string): JsonValue {
    const start = this.#at;
    const token = this.#match(numberToken);
    if (token === undefined) throw this.#unexpected();
    const next = this.#text[this.#at];
    if (next !== undefined && /[\w.]/.test(next)) throw fault('a number goes on unexpectedly', this.#at);
    const digits = token.replaceAll('_', '');
    if (/^0\d/.test(digits) && /^\d+$/.test(digits) && /[1-9]/.test(digits)) {
      throw fault('an integer starts with 0', start);
    }
    const isInteger = /^(?:0[xXoObB][\da-fA-F]+|\d+)$/.test(digits);
    if (isInteger) {
      // Longer ones take quadratic time; CPython refuses them as well.
      if (digits.length > 4300) throw fault('an integer has too many digits', start);
      const exact = BigInt(/^0+$/.test(digits) ? '0' : digits);
      const signed = sign === '-' ? -exact : exact;
      return Number.isSafeInteger(Number(signed)) ? Number(signed) : String(signed);
    }
    const value = Number(digits);
    return sign === '-' ? -value : value;
  }

  #stringOrWord(): JsonValue {
    const start = this.#at;
    let joined: string | undefined;
    let bytes: boolean | undefined;
    while (true) {
      stringStart.lastIndex = this.#at;
      const opening = stringStart.exec(this.#text);
      if (opening === null) break;
      const prefix = (opening[1] as string).toLowerCase();
      if (!/^(?:|r|u|b|br|rb)$/.test(prefix)) throw fault(`strings with the prefix ${prefix} are not read`, this.#at);
      const isBytes = prefix.includes('b');
      if (bytes !== undefined && bytes !== isBytes) throw fault('text and bytes cannot be joined', this.#at);
      bytes = isBytes;
      this.#at = stringStart.lastIndex;
      const string = readPythonString(this.#text, this.#at, {
        quote: opening[2] as string,
        raw: prefix.includes('r'),
        bytes: isBytes,
      });
      joined = (joined ?? '') + string.value;
      this.#at = string.end;
      this.#skip();
    }
    if (joined !== undefined) return joined;
    const name = this.#match(word);
    if (name === 'None') return null;
    if (name === 'True') return true;
    if (name === 'False') return false;
    if (name === 'set') {
      this.#skip();
      if (this.#take('(') && this.#take(')')) return [];
    }
    this.#at = start;
    throw this.#unexpected();
  }

  #skip(pattern: RegExp = this.#open > 0 ? space : lineSpace): void {
    pattern.lastIndex = this.#at;
    pattern.test(this.#text);
    this.#at = pattern.lastIndex;
  }

  #enter(): void {
    this.#open++;
    this.#at++;
    this.#skip();
  }

  /** Takes a closing bracket. Behind it the blanks outside count. */
  #leave(close: string): boolean {
    if (this.#text[this.#at] !== close) return false;
    this.#open--;
    return this.#take(close);
  }

  /** Takes a character and the blanks after it. */
  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    this.#skip();
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #unexpected(): FettleError {
    const char = this.#text[this.#at];
    return fault(char === undefined ? 'the text ends too early' : `unexpected ${JSON.stringify(char)}`, this.#at);
  }
}

/** A dictionary key as text, as Python prints it. */
function keyText(key: JsonValue, offset: number): string {
  if (typeof key === 'string') return key;
  if (typeof key === 'number') return String(key);
  if (key === null) return 'None';
  if (typeof key === 'boolean') return key ? 'True' : 'False';
  if (Array.isArray(key)) return `(${key.map((item) => keyText(item as JsonValue, offset)).join(', ')})`;
  throw fault('a key cannot be a dictionary', offset);
}

function setField(object: Record<string, JsonValue>, name: string, value: JsonValue): void {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}
