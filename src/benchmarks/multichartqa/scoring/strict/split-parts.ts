/** Pieces of an answer, and for people how it was parted. */
export interface Parts {
  readonly texts: readonly string[];
  readonly how: string | undefined;
}

const outer = /^[\s*]+|[\s*]+$/g;

/** Quotes around the whole, or one that has lost its partner; a quotation within stays. */
function unquoted(text: string): string {
  const plain = text.replace(outer, '');
  const inner = /^(["'])(.*)\1$/s.exec(plain);
  if (inner !== null && !(inner[2] as string).includes(inner[1] as string)) return inner[2] as string;
  const quotes = plain.split('"').length - 1;
  return quotes === 1 ? plain.replace(/^"|"$/g, '') : plain.replace(/^'(?!.*')|(?<!'.*)'$/g, '');
}

/** Placeholders of the demanded form, echoed: "The_answer_you_get: 10". */
const placeholder = /^the_answer(?:_\w+)?\s*:?\s*/i;

function trimmed(text: string): string {
  const plain = unquoted(text).replace(placeholder, '');
  // A sentence written like the placeholder.
  const spaced = /^(?:the_\p{L}+_|\p{L}+_\p{L}+_\p{L}+_)[\p{L}\d.%_]+$/iu.test(plain)
    ? plain.replaceAll('_', ' ')
    : plain;
  return spaced
    .replace(outer, '')
    .replace(/^(?:\d\)|\(\d\)|\d\.(?=\s)|[-•](?=\s))\s*/, '')
    .replace(/(?<![\d.])\.+$|(?<=\d)\.$/, '')
    .replace(/^(?:approximately|about|around|roughly|nearly|almost)\s+(?=[-+$€£]?[\d.])|^[~≈]\s*/i, '')
    .replace(outer, '');
}

function pieces(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map(trimmed)
    .filter((piece) => piece !== '');
}

/**
 * Parts an answer at its semicolons; one that has none and is to have several parts at commas or the word "and", where
 * that gives just as many.
 */
export function splitParts(answer: string, expected: number): Parts {
  if (expected === 1) return { texts: [trimmed(answer)], how: undefined };
  const parted = pieces(answer, /;/);
  if (parted.length > 1) return { texts: parted, how: undefined };
  for (const [separator, how] of [
    [/,\s+(?:and\s+)?/, 'parted at commas'],
    [/,(?!\d{3}(?!\d))(?:\s*and\s+)?|\s+and\s+/, 'parted at "and"'],
    [/\s*[|/]\s*/, 'parted at bars'],
  ] as const) {
    const texts = pieces(answer, separator);
    if (texts.length === expected) return { texts, how };
  }
  return { texts: parted, how: undefined };
}
