import { FettleError, type AttemptFailure, type FettleErrorOptions } from '../core/index.ts';

/** What went wrong with one attempt. `refused` is the endpoint's final word: asking again cannot help. */
export type ModelErrorKind = AttemptFailure['kind'] | 'refused';

export interface ModelErrorOptions extends FettleErrorOptions {
  kind: ModelErrorKind;
  /** Whether another attempt may succeed; by default all but `refused`. */
  retryable?: boolean | undefined;
  /** HTTP status, where there was an answer. */
  status?: number | undefined;
  /** How long the endpoint asked to be left alone. */
  retryAfterMs?: number | undefined;
}

/** An attempt at a model that failed. Its text is safe to show: cleaned, capped, without keys. */
export class ModelError extends FettleError {
  override readonly name = 'ModelError';
  readonly kind: ModelErrorKind;
  readonly retryable: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: ModelErrorOptions) {
    super(message, options);
    this.kind = options.kind;
    this.retryable = options.retryable ?? options.kind !== 'refused';
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }
}
