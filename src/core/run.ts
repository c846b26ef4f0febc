import type { JsonObject, JsonValue } from './json.ts';
import type { ErrorRecord } from './result.ts';

export type RunState = 'running' | 'completed' | 'interrupted' | 'failed';

/** Limits that stop a run cleanly; it can be resumed with higher ones. */
export interface Budget {
  /** Input and output tokens together. */
  readonly tokens?: number | undefined;
  readonly calls?: number | undefined;
  readonly seconds?: number | undefined;
  readonly cost?: number | undefined;
}

/** A run as it is kept: who, what, with which settings, how far. */
export interface RunRecord {
  readonly id: string;
  /** Name of the benchmark, or of the own evaluation. */
  readonly benchmark: string;
  readonly mode: string;
  readonly state: RunState;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Everything needed to start it again. */
  readonly config: JsonObject;
  readonly hashes: { readonly data: string; readonly prompts?: string | undefined; readonly code: string };
  /** Samples times epochs, where known. */
  readonly total?: number | undefined;
  readonly completed: number;
  readonly failed: number;
  /** Why it stopped, where it did not complete. */
  readonly error?: ErrorRecord | undefined;
  /** What `run --json` printed, once it has ended. */
  readonly summary?: JsonValue | undefined;
}
