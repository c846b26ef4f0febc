import { majority } from '../self-consistency/vote.ts';

export const selections = ['best', 'weighted'] as const;
export type Selection = (typeof selections)[number];

/**
 * Place of the path that is chosen: the best score, or the first path of the answer with the greatest sum of scores.
 * Of equals the first. Paths without an answer are not chosen; undefined where no path holds any.
 */
export function choosePath(
  paths: readonly { readonly answer: string | null; readonly score?: number | undefined }[],
  select: Selection,
): number | undefined {
  if (select === 'weighted') return majority(paths, (path) => paths[path]?.score ?? 0).winner;
  let best: number | undefined;
  for (const [i, { answer, score = 0 }] of paths.entries()) {
    if (answer === null) continue;
    if (best === undefined || score > (paths[best]?.score ?? 0)) best = i;
  }
  return best;
}
