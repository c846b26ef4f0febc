/** The four skills, in the order of the leaderboard. */
export const skillNames = ['concept', 'reasoning', 'behavior', 'multilingual'] as const;

const trackPrefix = /^amazon-kdd-cup-\d+-/;

const tracks: Readonly<Record<string, string>> = {
  'understanding-shopping-concepts': 'concept',
  'shopping-knowledge-reasoning': 'reasoning',
  'user-behavior-alignment': 'behavior',
  'multi-lingual-abilities': 'multilingual',
};

/** The skill that a KDD Cup track measures; the track's own name where it is not one of the four. */
export function skillOfTrack(track: string): string {
  const name = track.replace(trackPrefix, '');
  return Object.hasOwn(tracks, name) ? (tracks[name] as string) : name;
}

const words: readonly (readonly [pattern: RegExp, skill: string])[] = [
  [/concept/i, 'concept'],
  [/reason/i, 'reasoning'],
  [/behaviou?r/i, 'behavior'],
  [/multi[-_ ]?ling/i, 'multilingual'],
];

/** The skill that a file holds, by its name (`skill1_concept`); the name itself where it tells none of the four. */
export function skillOfFile(stem: string): string {
  return words.find(([pattern]) => pattern.test(stem))?.[1] ?? stem;
}

/** Known skills first, in their order; others after them by name. */
export function compareSkills(a: string, b: string): number {
  const rank = (skill: string): number => {
    const at = skillNames.findIndex((name) => name === skill);
    return at < 0 ? skillNames.length : at;
  };
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}
