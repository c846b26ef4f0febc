import type { JsonObject, JsonValue } from './json.ts';
import type { StoredMessage } from './message.ts';
import type { Answer, TraceStep } from './method.ts';
import type { ModelRole } from './model.ts';
import type { Score } from './scorer.ts';

/** What the models of one role used. */
export interface RoleUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly calls: number;
  readonly cost?: number | undefined;
}

/** Tokens, calls and money, summed. */
export interface UsageTotals {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly calls: number;
  /** Attempts that failed and were made again. */
  readonly wastedCalls: number;
  /** Answered from this run's journal or from another run. */
  readonly replayedCalls: number;
  /** Undefined where no model of the run has prices. */
  readonly cost?: number | undefined;
  /** What calls that other runs paid for would have cost. Not within `cost`. */
  readonly borrowedCost?: number | undefined;
  /** By role, where models besides the main one were asked. */
  readonly roles?: { readonly [role in ModelRole]?: RoleUsage } | undefined;
}

export interface ErrorRecord {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly where?: string | undefined;
}

/** One sample's outcome in one epoch. */
export interface SampleResult {
  readonly task: string;
  readonly sampleId: string;
  /** From 1. */
  readonly epoch: number;
  /** Position in the run, from 0, over all tasks in order. */
  readonly index: number;
  readonly status: 'completed' | 'failed';
  readonly input: readonly StoredMessage[];
  readonly target: JsonValue;
  readonly choices?: readonly string[] | undefined;
  readonly group?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly metadata?: JsonObject | undefined;
  readonly answer: Answer | null;
  /** By scorer, the first is the task's figure. A failed sample has none, unless its benchmark settled one. */
  readonly scores: Readonly<Record<string, Score>>;
  readonly error?: ErrorRecord | undefined;
  readonly usage: UsageTotals;
  readonly trace: readonly TraceStep[];
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
}

/** True for a failed sample that counts as 0: one that its benchmark settled counts as its score says. */
export function isUnscoredFailure(result: Pick<SampleResult, 'status' | 'scores'>): boolean {
  if (result.status !== 'failed') return false;
  for (const _ in result.scores) return false;
  return true;
}

/** One call as the journal keeps it. Request and response are JSON texts, images by hash. */
export interface CallRecord {
  readonly task: string;
  readonly sampleId: string;
  readonly epoch: number;
  /** sha256 of model identity, canonical request and ordinal among equal requests of this sample and epoch. */
  readonly key: string;
  /** sha256 of model identity and canonical request alone, where the answer may serve other runs; else null. */
  readonly cacheKey: string | null;
  /** Position among the calls of this sample and epoch, from 0. */
  readonly position: number;
  readonly role: ModelRole;
  readonly kind: 'generate' | 'loglikelihood' | 'embed' | 'compare' | 'classify';
  readonly model: string;
  readonly request: string;
  readonly response: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly attempts: number;
  /** When the answering attempt had its place at the endpoint, milliseconds since 1970. */
  readonly startedAt: number;
  /** From then to the answer. */
  readonly latencyMs: number;
}
