import type { SampleResult, UsageTotals } from '../core/index.ts';
import type { Agreement } from './agreement.ts';

/** Low and high end of a 95 % interval, in the units of the score. */
export type Interval = readonly [low: number, high: number];

/** One sample's outcome as `--json` prints it. */
export interface SampleSummary {
  readonly id: string;
  readonly task: string;
  /** The task's first score; 0 for a failed sample, null where the sample has no number. */
  readonly value: number | null;
  readonly parsed: boolean;
  /** Given when the run had more than one epoch. */
  epoch?: number;
  readonly answer?: string;
  readonly explanation?: string;
  readonly counts?: Readonly<Record<string, number>>;
  /** Given when it is not `completed`. */
  readonly status?: SampleResult['status'];
  /** Why there is no value. */
  readonly reason?: string;
  readonly error?: string;
  /** Values of the further scorers, by name. */
  readonly scores?: Readonly<Record<string, number | null>>;
}

/** How many of how many. `rate` is null where there is nothing to divide by. */
export interface Share {
  readonly count: number;
  readonly rate: number | null;
}

export interface Excluded {
  readonly count: number;
  /** Sample count by reason, the most frequent first. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** What any figure comes with, whether it stands for a task, a group, a language or the whole. */
export interface Figure {
  /** Samples in the denominator. */
  readonly n: number;
  /** Results in the denominator: n times epochs. */
  readonly results: number;
  readonly score: number | null;
  /** 95 %; null where nothing can be said (no score, one sample). */
  readonly interval: Interval | null;
  readonly intervalMethod: string | null;
  /** Replies from which no answer could be read; they count as wrong. */
  readonly unparsed: Share;
  /** Samples that ended in an error; they count as wrong. */
  readonly failed: Share;
  /** Samples without a number (encoder missing, no gold weight); they leave the denominator. */
  readonly excluded: Excluded;
  readonly tokens: { readonly input: number; readonly output: number };
  /** Sum of the samples' durations; samples run side by side, so this is more than the clock showed. */
  readonly seconds: number;
  readonly cost?: number;
  /** Why the score is null although it was asked for: the scoring broke. */
  readonly error?: string;
  /** Why there is no score, where nothing broke. */
  readonly reason?: string;
  /** What a reader should know of how it was computed. */
  readonly note?: string;
}

export interface TaskSummary extends Figure {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Samples answered more than once are averaged first. */
  readonly epochs?: number;
  /** Mean over the results of each scorer after the first that gave numbers; failed samples count as 0. */
  readonly further?: Readonly<Record<string, { readonly n: number; readonly score: number }>>;
}

/** A figure over tasks: their unweighted mean unless the benchmark says otherwise. */
export interface GroupSummary extends Figure {
  readonly tasks: number;
}

export interface SummaryError {
  /** `task/sample`, or the task alone. */
  readonly where: string;
  readonly message: string;
  readonly hint?: string;
  /** How often the same message occurred. */
  readonly count: number;
}

/** Quantiles over samples. */
export interface Distribution {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** What is known of a run beside its results. */
export interface RunInfo {
  readonly id: string;
  /** Model id by role. */
  readonly models: Readonly<Record<string, string>>;
  /** Duration by the clock. */
  readonly seconds?: number | undefined;
  readonly method?: string | undefined;
  readonly seed?: number | string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt?: number | undefined;
  readonly hashes?: { readonly data: string; readonly prompts?: string | undefined; readonly code: string } | undefined;
  /** What to type to run it again. */
  readonly command?: string | undefined;
  readonly notes?: readonly string[] | undefined;
}

export type RunDetails = Omit<RunInfo, 'id' | 'models' | 'seconds' | 'notes'>;

/** What `fettle score --json` and `fettle run --json` print: plain data, stable names. */
export interface Summary {
  readonly benchmark: string | null;
  readonly mode: string;
  /** Run id, its models by role, clock seconds, tokens and calls: given when models were called. */
  readonly run?: string;
  readonly models?: Readonly<Record<string, string>>;
  readonly usage?: UsageTotals;
  readonly seconds?: number;
  readonly details?: RunDetails;
  readonly overall: number | null;
  readonly groups: Readonly<Record<string, number | null>>;
  readonly tasks: Readonly<Record<string, TaskSummary>>;
  readonly overallDetail: GroupSummary;
  readonly groupBy?: string;
  readonly groupDetails: Readonly<Record<string, GroupSummary>>;
  /** By label, then by value. */
  readonly breakdowns: Readonly<Record<string, Readonly<Record<string, GroupSummary>>>>;
  readonly latencyMs?: Distribution;
  readonly outputTokens?: Distribution;
  /** Of each scorer after the tasks' first with the first, by name. Given where there are any. */
  readonly agreement?: Readonly<Record<string, Agreement>>;
  readonly errors: readonly SummaryError[];
  readonly notes: readonly string[];
  readonly samples: readonly SampleSummary[];
}
