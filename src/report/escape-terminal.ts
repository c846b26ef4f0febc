/**
 * What a terminal obeys or what hides and reorders text: C0 and C1 controls, DEL, bidirectional controls,
 * zero-width and tag characters, line separators, and halves of surrogate pairs.
 * Joiners that scripts and emoji need (U+200C, U+200D) and variation selectors stay.
 */
const unsafe =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Surrogate}]/gu;

const shortNames: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text of others made safe to print: whatever could move the cursor, set a title, open a link or
 * reorder a line is written out (`\x1b`, `\u{202e}`). With `keepLines`, line feeds and tabs stay.
 */
export function escapeTerminal(text: string, options: { readonly keepLines?: boolean } = {}): string {
  return text.replace(unsafe, (character) => {
    if (options.keepLines === true && (character === '\n' || character === '\t')) return character;
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return shortNames[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`);
  });
}
