import type { JsonObject } from './json.ts';
import type { Answer } from './method.ts';
import type { Model, ModelRole } from './model.ts';
import type { Sample } from './sample.ts';

/**
 * The verdict on one answer.
 * `value: null` means that there is no number, and `reason` says why ("encoder missing", "all gold weights are zero");
 * such samples are excluded from means and counted. An unparsed reply is different: `parsed: false` with value 0.
 */
export interface Score {
  readonly value: number | null;
  readonly parsed: boolean;
  /** Why there is no value. */
  readonly reason?: string;
  /** True when the value is missing because the scoring itself broke (a crash that the reference has, an unreachable judge). */
  readonly broken?: boolean;
  /** For people: what was read from the reply and why it counts so. */
  readonly explanation?: string;
  /** What was read from the reply. */
  readonly answer?: string;
  /** Counts that the task's aggregate sums: `{ tp, fp, fn }`. */
  readonly counts?: Readonly<Record<string, number>>;
  readonly metadata?: JsonObject;
}

export interface ScorerContext {
  /** Models by role; calls pass the journal. A scorer that lacks one gives a score without value. */
  readonly models: { readonly [role in ModelRole]?: Model };
  readonly signal: AbortSignal;
}

export interface Scorer {
  readonly name: string;
  /** The comparable answer in a reply, null where there is none. Methods that vote use it. */
  extract?(text: string, sample: Sample): string | null;
  score(answer: Answer, sample: Sample, context: ScorerContext): Score | Promise<Score>;
}
