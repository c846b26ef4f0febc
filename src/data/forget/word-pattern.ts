/**
 * A test for texts that hold one of the words or phrases whole and in any case. Letters, marks, digits and the
 * underscore of any script belong to a word: `man` is not in "woman", nor `caf` in "café"; `dog` is in "dog's" and
 * "hot-dog". Blanks of a phrase stand for any run of blanks. With `plural`, an added `s` counts too.
 */
export function wordTest(words: readonly string[], { plural = false } = {}): (text: string) => boolean {
  const choices = words.map((word) => word.normalize('NFC').trim().split(/\s+/u).map(escapePattern).join('\\s+'));
  const letter = '[\\p{L}\\p{M}\\p{N}_]';
  const pattern = new RegExp(`(?<!${letter})(?:${choices.join('|')})${plural ? 's?' : ''}(?!${letter})`, 'iu');
  return (text) => pattern.test(text.normalize('NFC'));
}

function escapePattern(text: string): string {
  // With the flag u only syntax characters may be escaped, so RegExp.escape, which escapes more, is of no help in parts.
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}
