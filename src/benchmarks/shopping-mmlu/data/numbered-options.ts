/** A line `2. text` or `2) text`. */
const numberedLine = /^[ \t]*(\d{1,3})[.)](?!\d)[ \t]*(.*)$/;

export interface NumberedOptions {
  /** Number of the first: 0 for choices, 1 for candidates. */
  readonly first: number;
  /** Their first lines. */
  readonly texts: readonly string[];
  /** Index of the line of the first, and of each further one, in the prompt split at line ends. */
  readonly lines: readonly number[];
}

/**
 * The numbered list within a prompt: lines that count up by one from `first`, lines between them belonging to the
 * option above. Where several lists start, the last one that has at least two lines counts, since descriptions of
 * products come before the options. Undefined where there is none.
 */
export function numberedOptions(prompt: string, first: number): NumberedOptions | undefined {
  const lines = prompt.split(/\r?\n/);
  const numbered = lines.flatMap((line, at) => {
    const match = numberedLine.exec(line);
    return match === null ? [] : [{ at, number: Number(match[1]), text: (match[2] as string).trim() }];
  });
  for (let start = numbered.length - 1; start >= 0; start--) {
    if (numbered[start]?.number !== first) continue;
    const found = [numbered[start] as (typeof numbered)[number]];
    for (const line of numbered.slice(start + 1)) if (line.number === first + found.length) found.push(line);
    if (found.length < 2) continue;
    return { first, texts: found.map((line) => line.text), lines: found.map((line) => line.at) };
  }
  return undefined;
}

/** "on a scale of 1 to 5" and the like, in the benchmark's languages. */
const ratingScale = /(?<!\d|\d[.,])1\s*(?:-|–|to|bis|a|à|al|から|~|〜|and|und|y|et|e)\s*5(?!\d|[.,]\d)/iu;

/** Numbers that a choice question allows as its answer; undefined where its prompt does not tell. */
export function choiceNumbers(prompt: string): { numbers: readonly number[]; texts?: readonly string[] } | undefined {
  const fromZero = numberedOptions(prompt, 0);
  // Before lists from 1: a rated review may hold one.
  if (fromZero === undefined && ratingScale.test(prompt)) return { numbers: [1, 2, 3, 4, 5] };
  const options = fromZero ?? numberedOptions(prompt, 1);
  if (options === undefined) return undefined;
  return { numbers: options.texts.map((_, i) => options.first + i), texts: options.texts };
}
