/** How votes fell. */
export interface Vote {
  /** Place of the first path that holds the winning answer; undefined where no path holds any. */
  readonly winner: number | undefined;
  /** Votes by answer, in the order in which answers first came. */
  readonly votes: ReadonlyMap<string, number>;
}

/**
 * The answer with most votes, or with the greatest sum of weights. Paths without an answer do not vote; of equal answers
 * the one that came first wins.
 */
export function majority(
  paths: readonly { readonly answer: string | null }[],
  weightOf: (path: number) => number = () => 1,
): Vote {
  const votes = new Map<string, number>();
  const first = new Map<string, number>();
  for (const [path, { answer }] of paths.entries()) {
    if (answer === null) continue;
    if (!first.has(answer)) first.set(answer, path);
    votes.set(answer, (votes.get(answer) ?? 0) + weightOf(path));
  }
  let winner: { path: number; votes: number } | undefined;
  for (const [answer, count] of votes) {
    if (winner === undefined || count > winner.votes) winner = { path: first.get(answer) as number, votes: count };
  }
  return { winner: winner?.path, votes };
}
