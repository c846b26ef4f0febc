/** An element of a list as Python would write it. */
export type PythonScalar = string | { readonly literal: string };

const simpleEscapes: Readonly<Record<string, string>> = {
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
  '\n': '',
};

const stringStart = /([uU]|[rR])?('''|"""|'|")/y;
const otherScalar = /None|True|False|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
// Within brackets line ends mean nothing; form feeds, comments and continued lines neither.
const filler = /(?:[ \t\f\n]|\\\n|#[^\n]*)*/y;
/**
 * After the list: blank lines and comments alone. A last line of spaces without a line end counts as indented code,
 * which CPython refuses.
 */
const rest = /^(?:[ \t\f]|\\\n(?!$))*(?:#[^\n]*)?(?:\n(?:(?:[ \t\f]*(?:#[^\n]*)?\n)*)(?:[ \t\f]*(?:\f|#[^\n]*))?)?$/;
/** Before it: blank lines and comments. A form feed sets the indentation back. */
const start = /^[ \t]*(?:[ \t\f]*(?:#[^\n]*)?\n)*(?:[ \t]*\f)*(?:\\\n[ \t\f]*)*/;

/**
 * A list that is written as a Python literal and holds strings, numbers, `None`, `True` or `False`; undefined for
 * anything else that `ast.literal_eval` would read (tuples, nested lists, bytes) and for what it would refuse.
 * Nothing is evaluated. The named escape `\N{...}` is not known here and makes the text no list.
 */
export function pythonList(text: string): PythonScalar[] | undefined {
  const source = text.replace(/\r\n?/g, '\n');
  if (source.includes('\0') || !source.isWellFormed()) return undefined;
  return new ListReader(source).read();
}

/** As `pythonList`, for a list of strings alone. */
export function pythonStringList(text: string): string[] | undefined {
  const list = pythonList(text);
  return list?.every((item) => typeof item === 'string') === true ? list : undefined;
}

class ListReader {
  readonly #source: string;
  #at: number;

  constructor(source: string) {
    this.#source = source;
    this.#at = start.exec(source)?.[0].length ?? 0;
  }

  read(): PythonScalar[] | undefined {
    let parentheses = 0;
    while (this.#source[this.#at] === '(') {
      parentheses++;
      this.#at++;
      this.#skip();
    }
    const list = this.#list();
    if (list === undefined) return undefined;
    for (; parentheses > 0; parentheses--) {
      this.#skip();
      if (!this.#take(')')) return undefined;
    }
    return rest.test(this.#source.slice(this.#at)) ? list : undefined;
  }

  #list(): PythonScalar[] | undefined {
    if (!this.#take('[')) return undefined;
    const items: PythonScalar[] = [];
    while (true) {
      this.#skip();
      if (this.#take(']')) return items;
      const item = this.#scalar();
      if (item === undefined) return undefined;
      items.push(item);
      this.#skip();
      if (!this.#take(',') && this.#source[this.#at] !== ']') return undefined;
    }
  }

  /** One element, perhaps in parentheses. */
  #scalar(): PythonScalar | undefined {
    if (this.#take('(')) {
      this.#skip();
      const inner = this.#scalar();
      this.#skip();
      return this.#take(')') ? inner : undefined;
    }
    const other = this.#match(otherScalar);
    if (other !== null) return { literal: other[0] };
    let text: string | undefined;
    // Strings that follow each other are one.
    for (let part = this.#string(); part !== null; part = this.#string()) {
      if (part === undefined) return undefined;
      text = (text ?? '') + part;
      this.#skip();
    }
    return text;
  }

  /** One string; null where none starts here, undefined where it is broken. */
  #string(): string | null | undefined {
    const opening = this.#match(stringStart);
    if (opening === null) return null;
    const raw = opening[1] === 'r' || opening[1] === 'R';
    const quote = opening[2] as string;
    let text = '';
    while (this.#at < this.#source.length) {
      if (this.#source.startsWith(quote, this.#at)) {
        this.#at += quote.length;
        return text;
      }
      const character = this.#source[this.#at++] as string;
      if (character === '\n' && quote.length === 1) return undefined;
      if (character !== '\\') text += character;
      else if (raw) text += `\\${this.#source[this.#at++] ?? ''}`;
      else {
        const escaped = this.#escape();
        if (escaped === undefined) return undefined;
        text += escaped;
      }
    }
    return undefined;
  }

  /** What follows a backslash. */
  #escape(): string | undefined {
    const character = this.#source[this.#at++];
    if (character === undefined || character === 'N') return undefined;
    const simple = Object.hasOwn(simpleEscapes, character) ? simpleEscapes[character] : undefined;
    if (simple !== undefined) return simple;
    if (character >= '0' && character <= '7') {
      const octal = /^[0-7]{1,3}/.exec(this.#source.slice(this.#at - 1, this.#at + 2))?.[0] as string;
      this.#at += octal.length - 1;
      return String.fromCharCode(Number.parseInt(octal, 8));
    }
    const length = { x: 2, u: 4, U: 8 }[character];
    if (length === undefined) return `\\${character}`;
    const digits = this.#source.slice(this.#at, this.#at + length);
    if (digits.length !== length || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
    this.#at += length;
    const code = Number.parseInt(digits, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
  }

  #skip(): void {
    this.#match(filler);
  }

  #take(character: string): boolean {
    if (this.#source[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }
}
