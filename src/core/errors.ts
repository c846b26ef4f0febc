const marker = Symbol.for('fettle.error');

export interface FettleErrorOptions {
  /** Stable, machine-readable, kebab-case: `model-unreachable`, `data-invalid`. */
  code: string;
  /** What the reader can do about it, as one sentence. */
  hint?: string | undefined;
  /** Where it happened: a file and line, a field, a sample. */
  where?: string | undefined;
  cause?: unknown;
  /** 2 when the caller's words were wrong, 1 when the work failed. */
  exitCode?: 1 | 2 | undefined;
}

/**
 * The one base class of what Fettle throws on purpose.
 * Its message says what is wrong, `where` says where, `hint` how to mend it.
 */
export class FettleError extends Error {
  readonly [marker] = true;
  override readonly name: string = 'FettleError';
  readonly code: string;
  readonly hint: string | undefined;
  readonly where: string | undefined;
  readonly exitCode: 1 | 2;

  constructor(message: string, options: FettleErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.hint = options.hint;
    this.where = options.where;
    this.exitCode = options.exitCode ?? 1;
  }

  /** True also for errors of another copy of this package in the same process. */
  static isInstance(value: unknown): value is FettleError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}

/** The caller asked for something that cannot be meant: wrong flag, unknown name. Exit code 2. */
export function usageError(
  message: string,
  options: Omit<FettleErrorOptions, 'exitCode' | 'code'> & { code?: string } = {},
): FettleError {
  return new FettleError(message, { code: 'usage', ...options, exitCode: 2 });
}

/** One line for people, whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
