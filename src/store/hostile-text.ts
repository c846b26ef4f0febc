const mark = '\u0001j';

/**
 * A text as SQLite can keep it: UTF-8 has no lone surrogates, so a text that holds one is kept as JSON behind a mark.
 * All other texts stay as they are. Equal texts give equal results, different ones different results.
 */
export function encodeText(text: string): string {
  return text.isWellFormed() && !text.startsWith(mark) ? text : mark + JSON.stringify(text);
}

/** What `encodeText` was given. */
export function decodeText(stored: string): string {
  return stored.startsWith(mark) ? (JSON.parse(stored.slice(mark.length)) as string) : stored;
}
