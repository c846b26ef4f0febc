import { pythonSplit, stripCharacter } from '../../../../metrics/python/index.ts';

export const referenceLetters = ['A', 'B', 'C', 'D'] as const;

export type ReferenceLetter = (typeof referenceLetters)[number];

export interface ChoiceReading {
  /** Null where the released scorer draws one at random. */
  readonly letter: ReferenceLetter | null;
  /** The rule that found it. */
  readonly rule: string;
}

/** The letter that the released scorer reads from a reply, whatever options the question has. */
export function readChoiceReference(reply: string): ChoiceReading {
  let text = reply;
  for (const mark of [',', '.', '!', '?', ';', ':', "'"]) text = stripCharacter(text, mark);
  text = ` ${text.replaceAll('\n', ' ')} `;
  const bracketed = (letter: string): string => `(${letter})`;
  const spaced = (letter: string): string => ` ${letter} `;
  const phrase = (letter: string): string => `answer: ${letter.toLowerCase()}`;

  let found = lettersIn(text, bracketed);
  if (found.length > 0) return latest(found, text, bracketed, 'in brackets');
  found = lettersIn(text, spaced);
  if (found.length > 0) return latest(found, text, spaced, 'between spaces');
  found = lettersIn(text, (letter) => `${letter}.`);
  // No candidate stands between spaces here, so that all places are alike and the first letter is taken.
  if (found.length > 0) return latest(found, text, spaced, 'before a period');
  const lower = text.toLowerCase();
  if (pythonSplit(text).length > 5) found = lettersIn(lower, phrase);
  if (found.length > 0) return latest(found, lower, phrase, 'after "answer: "');
  return { letter: null, rule: 'no letter A to D' };
}

function lettersIn(text: string, form: (letter: string) => string): ReferenceLetter[] {
  return referenceLetters.filter((letter) => text.includes(form(letter)));
}

function latest(
  found: readonly ReferenceLetter[],
  text: string,
  form: (letter: string) => string,
  rule: string,
): ChoiceReading {
  let best: ReferenceLetter | null = null;
  let bestAt = -Infinity;
  for (const letter of found) {
    const at = text.lastIndexOf(form(letter));
    if (at > bestAt) {
      best = letter;
      bestAt = at;
    }
  }
  return { letter: best, rule: found.length > 1 ? `${rule}, the latest of ${found.join(', ')}` : rule };
}
