/** A solution in numbered steps, with what is known of its first wrong one. */
export interface StepCase {
  readonly id: string;
  readonly question: string;
  /** In order; step numbers count from 1. */
  readonly steps: readonly string[];
  /** From 1; null where no step is wrong. */
  readonly wrongStep: number | null;
  /** The kind of error, or the part of the benchmark, that tasks are made by. */
  readonly task: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What the solution should have come to. */
  readonly rightAnswer?: string | number;
  readonly file: string;
  readonly line: number;
}

/** What a row says before its place and its task are known. */
export type CaseContent = Omit<StepCase, 'id' | 'file' | 'line' | 'task'> & {
  readonly key: string;
  readonly task?: string;
};
