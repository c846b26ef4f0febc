import type { Interval } from '../summary.ts';

/** `second - first`, over the samples that both runs have. */
export interface Difference {
  /** Pairs of samples. */
  readonly n: number;
  readonly first: number | null;
  readonly second: number | null;
  readonly difference: number | null;
  /** 95 %, by the paired bootstrap. */
  readonly interval: Interval | null;
  /** Two-sided; null where there is nothing to test. */
  readonly pValue: number | null;
  readonly test: string | null;
  /** Smallest true difference that this many samples show with probability 0.8 at level 0.05; null where none would. */
  readonly detectable: number | null;
  readonly firstBetter: number;
  readonly secondBetter: number;
}

export interface TaskDifference extends Difference {
  /** The p-value corrected for the number of tasks looked at (Holm). */
  readonly pAdjusted: number | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Samples of the task that only one run has a value for. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly note?: string;
}

export interface PairComparison {
  readonly second: ComparedRun;
  readonly pairs: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly tasks: Readonly<Record<string, TaskDifference>>;
  readonly groups: Readonly<Record<string, Difference>>;
  readonly overall: Difference;
  /** What makes the runs less comparable than they look. */
  readonly warnings: readonly string[];
}

export interface ComparedRun {
  readonly id: string;
  readonly label: string;
  readonly benchmark: string | null;
  readonly mode: string;
}

/** Every run against the first. Plain data. */
export interface Comparison {
  readonly first: ComparedRun;
  /** The label that `groups` are made of. */
  readonly groupBy?: string;
  readonly comparisons: readonly PairComparison[];
}
