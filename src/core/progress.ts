/** How far a run is. One object, changed in place, read by whoever draws it. */
export interface Progress {
  /** Samples times epochs; undefined where the data set does not say. */
  total: number | undefined;
  completed: number;
  failed: number;
  /** Results that an earlier start of this run had left. */
  skipped: number;
  running: number;
  calls: number;
  replayedCalls: number;
  wastedCalls: number;
  /** Why the last attempt that failed did so. */
  lastProblem?: string;
  inputTokens: number;
  outputTokens: number;
  cost: number;
}

export function createProgress(total?: number): Progress {
  return {
    total,
    completed: 0,
    failed: 0,
    skipped: 0,
    running: 0,
    calls: 0,
    replayedCalls: 0,
    wastedCalls: 0,
    inputTokens: 0,
    outputTokens: 0,
    cost: 0,
  };
}
