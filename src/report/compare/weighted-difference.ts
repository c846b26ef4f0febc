import { detectableMeanDifference, pairedPermutationTest, standardDeviation } from '../../metrics/index.ts';
import { percentileInterval, replicateCount } from '../replicates.ts';
import type { Difference } from './comparison.ts';
import type { TaskPairs } from './paired-values.ts';
import type { DifferenceWithReplicates } from './task-difference.ts';

export interface WeightedPart {
  readonly pairs: TaskPairs;
  readonly result: DifferenceWithReplicates;
  /** Share of the whole; need not sum to 1. */
  readonly weight: number;
}

/**
 * The difference of a mean over tasks: tasks weighted as given, each resampled by itself.
 * The test flips the signs of samples' differences, each weighted as the mean weights it.
 */
export function weightedDifference(parts: readonly WeightedPart[], seed: string): Difference {
  const present = parts.filter(({ result }) => result.difference.difference !== null && result.replicates !== null);
  const weights = present.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (of: (part: Difference) => number | null): number | null =>
    present.length === 0
      ? null
      : present.reduce((sum, { result, weight }) => sum + (weight / weights) * (of(result.difference) ?? 0), 0);
  const replicates = new Float64Array(replicateCount);
  for (const { result, weight } of present) {
    for (let r = 0; r < replicateCount; r++) {
      replicates[r] =
        (replicates[r] as number) + (weight / weights) * ((result.replicates as Float64Array)[r] as number);
    }
  }
  const spread = standardDeviation(replicates.filter((value) => Number.isFinite(value)));
  const varied = present.length > 0 && spread > 1e-12;
  return {
    n: sum(present, (part) => part.n),
    first: mean((part) => part.first),
    second: mean((part) => part.second),
    difference: mean((part) => part.difference),
    interval: varied ? percentileInterval(replicates) : null,
    pValue: present.length === 0 ? null : permutation(present, weights, seed),
    test: present.length === 0 ? null : 'sign-flip permutation',
    detectable: varied ? detectableMeanDifference(spread) : null,
    firstBetter: sum(present, (part) => part.firstBetter),
    secondBetter: sum(present, (part) => part.secondBetter),
  };
}

function permutation(parts: readonly WeightedPart[], weights: number, seed: string): number {
  const total = parts.reduce((count, { pairs }) => count + pairs.first.length, 0);
  const second = new Float64Array(total);
  const clusters: string[] = [];
  let at = 0;
  for (const [index, { pairs, weight }] of parts.entries()) {
    const scale = ((weight / weights) * total) / pairs.first.length;
    for (let i = 0; i < pairs.first.length; i++) {
      second[at++] = scale * ((pairs.second[i] as number) - (pairs.first[i] as number));
      clusters.push(pairs.clusters?.[i] ?? `\0${index}:${i}`);
    }
  }
  return pairedPermutationTest(new Float64Array(total), second, { clusters, seed }).pValue;
}

const sum = (parts: readonly WeightedPart[], of: (part: Difference) => number): number =>
  parts.reduce((total, { result }) => total + of(result.difference), 0);
