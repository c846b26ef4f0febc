import type { GroupFigure } from '../core/index.ts';
import { wilsonInterval } from '../metrics/index.ts';
import { mostFrequentFirst, type FigureWithReplicates } from './figure.ts';
import { percentileInterval, replicateCount } from './replicates.ts';
import type { Figure, GroupSummary, Interval, Share } from './summary.ts';

/** The unweighted mean over the parts that have a score; null when one of them broke or none has a score. */
export function meanOfFigures(parts: readonly (GroupFigure | Figure)[]): GroupFigure {
  const broken = parts.find((part) => part.error !== undefined);
  if (broken?.error !== undefined) return { score: null, error: broken.error };
  const scores = parts.map((part) => part.score).filter((score) => score !== null);
  const missing = parts.length - scores.length;
  const reason = missing === 0 ? undefined : `${missing} of ${parts.length} not scored`;
  if (scores.length === 0) return { score: null, reason: reason ?? 'no results' };
  const score = scores.reduce((sum, value) => sum + value, 0) / scores.length;
  return reason === undefined ? { score } : { score, reason };
}

/** The mean over all samples of the parts that have a score: each part counts with its n. */
export function meanOverSamples(parts: readonly Figure[]): GroupFigure {
  const figure = meanOfFigures(parts);
  if (figure.score === null) return figure;
  const scored = parts.filter((part) => part.score !== null);
  const score = sum(scored, (part) => (part.score as number) * part.n) / sum(scored, (part) => part.n);
  return { ...figure, score };
}

/** A group's figure, its counts summed over its parts. */
export function groupSummary(
  figure: GroupFigure,
  parts: readonly Figure[],
  replicates: Float64Array | null,
): GroupSummary {
  const { interval, method } = intervalOf(figure, parts, replicates);
  const n = sum(parts, (part) => part.n);
  const costs = parts.filter((part) => part.cost !== undefined);
  const reasons: Record<string, number> = Object.create(null);
  for (const part of parts) {
    for (const [reason, count] of Object.entries(part.excluded.reasons))
      reasons[reason] = (reasons[reason] ?? 0) + count;
  }
  return {
    tasks: parts.length,
    n,
    results: sum(parts, (part) => part.results),
    score: figure.score,
    interval,
    intervalMethod: method,
    unparsed: share(parts, (part) => part.unparsed),
    failed: share(parts, (part) => part.failed),
    excluded: { count: sum(parts, (part) => part.excluded.count), reasons: mostFrequentFirst(reasons) },
    tokens: { input: sum(parts, (part) => part.tokens.input), output: sum(parts, (part) => part.tokens.output) },
    seconds: sum(parts, (part) => part.seconds),
    ...(costs.length > 0 && { cost: sum(costs, (part) => part.cost ?? 0) }),
    ...(figure.error !== undefined && { error: figure.error }),
    ...(figure.reason !== undefined && { reason: figure.reason }),
  };
}

/** Replicates of the mean over parts, part by part; each counts once, or with its n. */
export function meanReplicatesOver(
  parts: readonly FigureWithReplicates[],
  over: 'tasks' | 'samples' = 'tasks',
): Float64Array | null {
  const present = parts.flatMap(({ figure, replicates }) =>
    replicates === null ? [] : [{ replicates, weight: over === 'tasks' ? 1 : figure.n }],
  );
  if (present.length === 0) return null;
  const total = present.reduce((all, { weight }) => all + weight, 0);
  const mean = new Float64Array(replicateCount);
  for (const { replicates, weight } of present) {
    for (let r = 0; r < replicateCount; r++) {
      mean[r] = (mean[r] as number) + ((replicates[r] as number) * weight) / total;
    }
  }
  return mean;
}

/**
 * A group of one task has that task's interval. Several are resampled together; where nothing varies because every
 * answer was right (or wrong), the bootstrap would claim certainty, and Wilson's interval of all samples stands in.
 */
function intervalOf(
  { score }: GroupFigure,
  parts: readonly Figure[],
  replicates: Float64Array | null,
): { readonly interval: Interval | null; readonly method: string | null } {
  const none = { interval: null, method: null };
  if (score === null) return none;
  const scored = parts.filter((part) => part.score !== null);
  const [only] = scored;
  if (scored.length === 1 && only !== undefined && Math.abs((only.score ?? NaN) - score) < 1e-12) {
    return { interval: only.interval, method: only.intervalMethod };
  }
  const interval = replicates && percentileInterval(replicates);
  if (interval === null) return none;
  if (interval[1] - interval[0] > 1e-12) return { interval, method: 'stratified bootstrap' };
  const alike =
    (score === 0 || score === 1) && scored.every((part) => part.score === score && part.intervalMethod === 'Wilson');
  if (!alike) return none;
  const n = sum(scored, (part) => part.n);
  const { low, high } = wilsonInterval(score * n, n);
  return { interval: [low, high], method: 'Wilson' };
}

function share(parts: readonly Figure[], of: (part: Figure) => Share): Share {
  let count = 0;
  let denominator = 0;
  for (const part of parts) {
    count += of(part).count;
    denominator += part.results;
  }
  return { count, rate: denominator === 0 ? null : count / denominator };
}

function sum(parts: readonly Figure[], of: (part: Figure) => number): number {
  return parts.reduce((total, part) => total + of(part), 0);
}
