import { pythonSplit, stripCharacter } from '../../../metrics/python/index.ts';

/** The released evaluation has two drivers, whose readers differ. */
export type Driver = 'llava' | 'idefics2';

/** Letters of options in the released code; further options have none. */
export const referenceLetters = [...'ABCDEFGHIJKLMN'] as const;

/**
 * The letter that the released reader takes from a reply, null where it draws one at random.
 * Candidates are those of the first rule that finds any: `(X)`; ` X ` between spaces; with the Idefics2 driver `X.`; in
 * replies of more than five words the text of an option. Of several the one that stands last.
 */
export function parseChoice(reply: string, options: readonly string[], driver: Driver): string | null {
  const letters = referenceLetters.slice(0, options.length);
  let text = reply;
  for (const sign of [',', '.', '!', '?', ';', ':', "'"]) text = stripCharacter(text, sign);
  if (driver === 'idefics2') text = text.replaceAll('\n', ' ');
  text = ` ${text} `;

  const bracketed = letters.filter((letter) => text.includes(`(${letter})`));
  if (bracketed.length > 0) return last(bracketed, (letter) => text.lastIndexOf(`(${letter})`));
  const alone = letters.filter((letter) => text.includes(` ${letter} `));
  if (alone.length > 0) return last(alone, (letter) => text.lastIndexOf(` ${letter} `));
  if (driver === 'idefics2') {
    // Several are told apart by ` X `, which none of them has: the first is taken.
    const dotted = letters.find((letter) => text.includes(`${letter}.`));
    if (dotted !== undefined) return dotted;
  }
  if (pythonSplit(text).length <= 5) return null;
  const lower = text.toLowerCase();
  const textOf = (letter: string): string => (options[letters.indexOf(letter)] ?? '').toLowerCase();
  const named = letters.filter((letter) => lower.includes(textOf(letter)));
  return named.length === 0 ? null : last(named, (letter) => lower.lastIndexOf(textOf(letter)));
}

/** The first of those with the greatest place. */
function last(letters: readonly string[], placeOf: (letter: string) => number): string {
  return letters.reduce((best, letter) => (placeOf(letter) > placeOf(best) ? letter : best));
}
