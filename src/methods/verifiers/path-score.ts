/** How the scores of steps become the score of a path. */
export const pathRules = ['min', 'mean', 'last', 'product'] as const;
export type PathRule = (typeof pathRules)[number];

/** The score of a path from those of its steps; 0 for a path without steps. */
export function pathScore(scores: readonly number[], rule: PathRule = 'min'): number {
  if (scores.length === 0) return 0;
  if (rule === 'min') return Math.min(...scores);
  if (rule === 'mean') return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  if (rule === 'last') return scores.at(-1) ?? 0;
  return scores.reduce((product, score) => product * score, 1);
}

/** 0-based index of the first score below `theta`, not before `from`; null where there is none. An equal score passes. */
export function firstLow(scores: readonly number[], theta: number, from = 0): number | null {
  for (let i = from; i < scores.length; i++) {
    // A score that is no number tells of no right step.
    if (!((scores[i] ?? NaN) >= theta)) return i;
  }
  return null;
}

/** Index of the greatest score; of equal ones the latest or the first. -1 for none. */
export function bestPath(scores: readonly number[], ties: 'latest' | 'first'): number {
  let best = -1;
  for (const [i, score] of scores.entries()) {
    const leader = scores[best];
    if (leader === undefined || score > leader || (ties === 'latest' && score === leader)) best = i;
  }
  return best;
}
