import type { RunState } from '../../core/index.ts';
import type { Difference } from '../compare/comparison.ts';
import type { Interval } from '../summary.ts';

/** Calls and tokens of one role, or of all. */
export interface CallFigures {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Sum of what the calls took when they were made, without waiting for a place at the endpoint. Milliseconds. */
  readonly latencyMs: number;
}

export interface MethodUsage {
  /** As if this method had run alone: calls that a sibling answered count in full. */
  readonly alone: CallFigures & { readonly cost?: number };
  /** `alone` by role: `main`, `verifier`, … */
  readonly roles: Readonly<Record<string, CallFigures>>;
  /** What this run asked for itself. */
  readonly paid: CallFigures & { readonly cost?: number };
}

/** How the answers after one round differ from those before it, by the task's first scorer. */
export interface RoundFigures {
  /** From 1; round 0 is the first attempt. */
  readonly round: number;
  /** Questions that had this round. */
  readonly questions: number;
  readonly rightBefore: number;
  readonly rightToWrong: number;
  readonly wrongToRight: number;
  /** Share of right answers had every question ended after this round at the latest. */
  readonly accuracy: number;
}

export interface RoundsFigures {
  /** Questions with at least one graded round. */
  readonly questions: number;
  /** Share of right first attempts. */
  readonly firstAccuracy: number;
  readonly rounds: readonly RoundFigures[];
  /** From the first attempt to the answer that the method ended with. */
  readonly whole: {
    readonly rightBefore: number;
    readonly rightToWrong: number;
    readonly wrongBefore: number;
    readonly wrongToRight: number;
  };
}

/** What a method that draws n paths would have come to with fewer, out of the paths that exist. */
export interface EqualPoint {
  readonly n: number;
  /** All roles, a question, as if alone. */
  readonly tokensPerQuestion: number;
  readonly accuracy: number;
  readonly interval: Interval | null;
}

export interface TaskAccuracy {
  readonly n: number;
  readonly score: number | null;
  readonly interval: Interval | null;
}

export interface MethodFigures {
  /** As it was named: `self-consistency:n=5`. */
  readonly spec: string;
  readonly run: string;
  readonly state: RunState;
  /** Results: samples times epochs. */
  readonly questions: number;
  readonly failed: number;
  /** Why most of its failed questions failed. */
  readonly failure?: string;
  readonly unparsed: number;
  readonly accuracy: number | null;
  readonly interval: Interval | null;
  /** This method less the baseline, over the samples that both answered; absent for the baseline. */
  readonly difference?: Difference;
  readonly usage: MethodUsage;
  /** Clock of this run; answers of siblings took no time in it. */
  readonly wallSeconds: number;
  /** All roles, as if alone; null without questions. */
  readonly tokensPerQuestion: number | null;
  /** No other method is as good for fewer tokens, or better for as many. */
  readonly onFront: boolean;
  readonly rounds?: RoundsFigures;
  readonly curve?: readonly EqualPoint[];
  readonly tasks: Readonly<Record<string, TaskAccuracy>>;
}

/** Several methods on the same samples. Plain data. */
export interface MethodsComparison {
  readonly comparison: string;
  readonly benchmark: string;
  readonly mode: string;
  readonly models: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly epochs: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly command?: string;
  /** Whether equal requests were answered by sibling runs. */
  readonly shared: boolean;
  /** In the order asked for, the baseline first. */
  readonly methods: readonly MethodFigures[];
  /** Methods that have not been started. */
  readonly missing: readonly string[];
  readonly notes: readonly string[];
}
