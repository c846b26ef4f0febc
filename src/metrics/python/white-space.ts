// What Python's str.isspace() accepts, which differs from \s here: U+001C-U+001F and U+0085 count, U+FEFF does not.
// oxlint-disable-next-line no-control-regex
const words = /[^\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

/** Code units that Python's `str.isspace` accepts. */
export function isPythonSpace(code: number): boolean {
  if (code <= 32) return (code >= 9 && code <= 13) || (code >= 28 && code <= 32);
  if (code < 0x85) return false;
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  if (code === 0x1680 || code === 0x202f || code === 0x205f || code === 0x3000) return true;
  return (code >= 0x2000 && code <= 0x200a) || code === 0x2028 || code === 0x2029;
}

/** True for the white space of Python's `str.isspace`, and for the empty string. */
export function isPythonBlank(text: string): boolean {
  return pythonStrip(text) === '';
}

/** Python's `str.split()`: runs of non-space characters. */
export function pythonSplit(text: string): string[] {
  return text.match(words) ?? [];
}

/** Python's `str.rstrip()`. */
export function pythonTrimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isPythonSpace(text.charCodeAt(end - 1))) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** Python's `str.strip()`. */
export function pythonStrip(text: string): string {
  const trimmed = pythonTrimEnd(text);
  let start = 0;
  while (start < trimmed.length && isPythonSpace(trimmed.charCodeAt(start))) start++;
  return start === 0 ? trimmed : trimmed.slice(start);
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
