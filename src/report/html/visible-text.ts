/** Controls other than tab and line feed, bidirectional and invisible characters, halves of surrogate pairs. */
const hidden =
  // eslint-disable-next-line no-control-regex
  /\r\n|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Surrogate}]/gu;

/** Text whose invisible characters are shown: C0 controls as their pictures (␀), the rest by number. */
export function visibleText(text: string): string {
  return text.replace(hidden, (character) => {
    if (character === '\r\n') return '\n';
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return '\u2421';
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** The beginning of a long text, and how much of it is left out. */
export function shorten(text: string, longest: number): { readonly text: string; readonly omitted: number } {
  if (text.length <= longest) return { text, omitted: 0 };
  return { text: text.slice(0, longest).toWellFormed(), omitted: text.length - longest };
}

/** A name short enough for a line or two, with an ellipsis where something is gone. */
export function shortName(name: string, longest = 120): string {
  return name.length <= longest ? name : `${name.slice(0, longest - 1).toWellFormed()}…`;
}
