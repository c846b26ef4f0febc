import { PythonError } from './python-value.ts';

export type PythonToken =
  | { readonly kind: 'int'; readonly text: string }
  | { readonly kind: 'float'; readonly text: string }
  | { readonly kind: 'str'; readonly text: string }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'end'; readonly text: '' };

const float =
  /^(?:(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*|[0-9](?:_?[0-9])*\.)(?:[eE][+-]?[0-9](?:_?[0-9])*)?|^[0-9](?:_?[0-9])*[eE][+-]?[0-9](?:_?[0-9])*/;
const integer = /^[0-9](?:_?[0-9])*/;
const radix = /^0(?:[xX](?:_?[0-9a-fA-F])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+)/;
const name = /^[\p{XID_Start}_][\p{XID_Continue}]*/u;
const operator = /^(?:\*\*|\/\/|<<|>>|==|!=|<=|>=|\.\.\.|[-+*/%@^&|~<>(),])/;
const zeros = /^0(?:_?0)*$/;
const quotes = /^(?:"""|'''|"|')/;

/** CPython refuses longer literals (sys.int_info.default_max_str_digits). */
const maxDigits = 4300;

/** Stands for whatever follows on an indented line of its own. */
export const indent = '\n ';

const invalid = (message: string): PythonError => new PythonError('SyntaxError', message);

/** Where the string that begins with `quote` ends, past its closing quote. Backslashes escape the next character. */
function endOfString(source: string, from: number, quote: string): number {
  for (let at = from; at < source.length; at++) {
    if (source.startsWith(quote, at)) return at + quote.length;
    if (source[at] === '\\') at++;
    else if (quote.length === 1 && source[at] === '\n') break;
  }
  throw invalid(quote.length === 3 ? 'unterminated triple-quoted string literal' : 'unterminated string literal');
}

function numberToken(rest: string): PythonToken {
  const based = radix.exec(rest)?.[0];
  const real = based === undefined ? float.exec(rest)?.[0] : undefined;
  const text = based ?? real ?? (integer.exec(rest)?.[0] as string);
  if (/^[\p{XID_Continue}_]/u.test(rest.slice(text.length))) throw invalid('invalid decimal literal');
  if (real !== undefined) return { kind: 'float', text };
  const digits = text.replaceAll('_', '');
  if (based !== undefined) return { kind: 'int', text };
  if (digits.length > 1 && digits.startsWith('0') && !zeros.test(text)) {
    throw invalid('leading zeros in decimal integer literals are not permitted');
  }
  if (digits.length > maxDigits) throw invalid(`Exceeds the limit (${maxDigits} digits) for integer string conversion`);
  return { kind: 'int', text };
}

/**
 * The tokens of one Python expression, as `eval` reads it: leading spaces are dropped, a comment and line ends may
 * follow. Prefixed strings (`b''`, `f''`) and imaginary numbers are refused.
 * @throws PythonError as Python.
 */
export function pythonTokens(text: string): PythonToken[] {
  if (!text.isWellFormed()) throw new PythonError('UnicodeEncodeError', 'surrogates not allowed');
  if (text.includes('\0')) throw invalid('source code string cannot contain null bytes');
  let source = text.replace(/\r\n?/g, '\n').replace(/^[ \t]+/, '');
  // Lines of blanks and comments ahead of the expression count for nothing, but then it must not be indented.
  const ahead = /^(?:[ \t\f]*(?:#[^\n]*)?\n)+/.exec(source)?.[0] ?? '';
  source = source.slice(ahead.length);
  if (ahead !== '' && /^[ \t]/.test(source)) throw new PythonError('IndentationError', 'unexpected indent');
  const tokens: PythonToken[] = [];
  let depth = 0;
  for (let at = 0; at < source.length;) {
    const character = source[at] as string;
    if (character === ' ' || character === '\t' || character === '\f' || (character === '\n' && depth > 0)) {
      at++;
      continue;
    }
    if (character === '\n') {
      const rest = source.slice(at + 1).replace(/^(?:[ \t\f]*(?:#[^\n]*)?\n)*/, '');
      if (rest === '' || /^[ \t\f]*#/.test(rest)) break;
      tokens.push({ kind: 'operator', text: /^[ \t]/.test(rest) ? indent : '\n' });
      break;
    }
    if (character === '#') {
      while (at < source.length && source[at] !== '\n') at++;
      continue;
    }
    const rest = source.slice(at, at + 5000);
    let token: PythonToken;
    const quote = quotes.exec(rest)?.[0];
    if (quote !== undefined) {
      const end = endOfString(source, at + quote.length, quote);
      tokens.push({ kind: 'str', text: source.slice(at + quote.length, end - quote.length) });
      at = end;
      continue;
    }
    if (/^\.?[0-9]/.test(rest)) token = numberToken(source.slice(at));
    else {
      const sign = operator.exec(rest)?.[0];
      const word = sign === undefined ? name.exec(source.slice(at))?.[0] : undefined;
      if (sign !== undefined) token = { kind: 'operator', text: sign };
      else if (word !== undefined) token = { kind: 'name', text: word };
      else throw invalid(`invalid character '${character}'`);
    }
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    tokens.push(token);
    at += token.text.length;
  }
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}
