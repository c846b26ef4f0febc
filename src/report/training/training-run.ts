import type { HistoryPoint } from '../unlearning/experiment.ts';

/** One trained model: what the report of a plain training shows of it. */
export interface TrainedRun {
  /** "seed 0". */
  readonly name: string;
  readonly seed: number;
  readonly steps: number;
  readonly keptStep: number | null;
  readonly seconds: number;
  readonly peakBytes: number;
  readonly parameters: number;
  /** How many of them were trained. */
  readonly trainable: number;
  /** Why training ended before its last step. */
  readonly reason: string | null;
  readonly device: string;
  /** sha256 of the weights. */
  readonly weights: string;
  readonly history: readonly HistoryPoint[];
  readonly validation: readonly { readonly step: number; readonly metrics: Readonly<Record<string, number | null>> }[];
  readonly learningRates: readonly { readonly step: number; readonly value: number }[];
  /** Zero-shot accuracy on the test part, from 0 to 1; null where not measured. */
  readonly accuracy: number | null;
  /** Accuracy of every class on the test part, where measured. */
  readonly perClass?: Readonly<Record<string, { readonly correct: number; readonly n: number }>>;
}

/** Everything that the report of a plain training is made from. */
export interface TrainingForReport {
  readonly title: string;
  readonly command: string;
  readonly createdAt: number;
  readonly dataset: { readonly name: string; readonly hash: string; readonly notes: readonly string[] };
  readonly runs: readonly TrainedRun[];
  readonly settings?: Readonly<Record<string, string | number | boolean | null>>;
}
