/**
 * What Python's `str.isspace` accepts, as a character class. JavaScript's `\s` differs:
 * U+001C-U+001F and U+0085 are white space for Python, U+FEFF is not.
 */
const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const leading = new RegExp(`^[${space}]+`);
const only = new RegExp(`^[${space}]*$`);

/** True for the white space of Python's `str.isspace`, and for the empty string. */
export function isPythonBlank(text: string): boolean {
  return only.test(text);
}

/** Python's `str.strip()`. */
export function pythonStrip(text: string): string {
  let end = text.length;
  while (end > 0 && isPythonBlank(text[end - 1] as string)) end--;
  return text.slice(0, end).replace(leading, '');
}

/** Python's `str.lstrip(c).rstrip(c)` for one character. */
export function stripCharacter(text: string, character: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === character) start++;
  while (end > start && text[end - 1] === character) end--;
  return text.slice(start, end);
}

/** The first character as Python counts characters: a whole code point. Empty for an empty text. */
export function firstCharacter(text: string): string {
  const code = text.codePointAt(0);
  return code === undefined ? '' : String.fromCodePoint(code);
}
