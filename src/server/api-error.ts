import { budgetExhaustedCode, FettleError } from '../core/index.ts';
import { ModelError, redact } from '../models/index.ts';
import { keyReusedCode } from '../workbench/serving/index.ts';

/** The `type` of an error as OpenAI's clients know it. */
export type ApiErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'not_found_error'
  | 'rate_limit_error'
  | 'insufficient_quota'
  | 'server_error';

export interface ApiErrorOptions {
  readonly status: number;
  readonly type: ApiErrorType;
  readonly code: string | null;
  /** The field of the request that is meant: `messages[2].content`. */
  readonly param?: string | null;
  readonly retryAfterSeconds?: number | undefined;
  /** False where the same request again can only cost or fail again; OpenAI's clients heed it. */
  readonly retry?: boolean;
  readonly cause?: unknown;
}

/** What a client is told when there is no answer, in OpenAI's form. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly options: ApiErrorOptions;

  constructor(message: string, options: ApiErrorOptions) {
    super(message, { cause: options.cause });
    this.options = options;
  }

  get body(): { readonly error: { message: string; type: string; param: string | null; code: string | null } } {
    const { type, param = null, code } = this.options;
    return { error: { message: redact(this.message), type, param, code } };
  }

  get headers(): Record<string, string> {
    const { retryAfterSeconds, retry } = this.options;
    return {
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
      ...(retry === undefined ? {} : { 'x-should-retry': String(retry) }),
    };
  }
}

/** The client's own words were wrong. */
export function badRequest(message: string, param: string | null, code: string | null = null): ApiError {
  return new ApiError(message, { status: 400, type: 'invalid_request_error', param, code });
}

export function overloaded(message: string, code: string, retryAfterSeconds = 1): ApiError {
  return new ApiError(message, { status: 503, type: 'server_error', code, retryAfterSeconds });
}

/** Whatever was thrown while a request was answered, as the client is told of it. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof ModelError) return modelError(error);
  if (!FettleError.isInstance(error)) {
    return new ApiError('The server failed. Its log says more.', {
      status: 500,
      type: 'server_error',
      code: 'internal_error',
      retry: false,
      cause: error,
    });
  }
  const { code, message } = error;
  if (code === budgetExhaustedCode) {
    return new ApiError(`${message} Whoever runs this server can raise its budget.`, {
      status: 429,
      type: 'insufficient_quota',
      code: 'budget_exhausted',
      retry: false,
      cause: error,
    });
  }
  if (code === keyReusedCode) {
    return new ApiError(message, {
      status: 422,
      type: 'invalid_request_error',
      code: 'idempotency_key_reused',
      cause: error,
    });
  }
  if (code.startsWith('image-')) {
    return new ApiError(message, {
      status: 400,
      type: 'invalid_request_error',
      param: 'messages',
      code: 'invalid_image',
      cause: error,
    });
  }
  const wrongWords = error.exitCode === 2;
  return new ApiError(message, {
    status: wrongWords ? 400 : 500,
    type: wrongWords ? 'invalid_request_error' : 'server_error',
    code: code.replaceAll('-', '_'),
    retry: false,
    cause: error,
  });
}

/** What the endpoint behind the method said. Its refusal of the server's own key is no fault of the client's. */
function modelError(error: ModelError): ApiError {
  const { code, kind, status, retryAfterMs, message } = error;
  const cause = error;
  if (code === 'model-context-length' || code === 'model-request-too-large') {
    const options = { status: 400, type: 'invalid_request_error', param: 'messages', cause } as const;
    return new ApiError(message, { ...options, code: 'context_length_exceeded' });
  }
  if (code === 'model-quota') {
    return new ApiError(message, {
      status: 429,
      type: 'insufficient_quota',
      code: 'upstream_quota',
      retry: false,
      cause,
    });
  }
  const retryAfterSeconds = retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(retryAfterMs / 1000));
  if (kind === 'rate-limit') {
    return new ApiError(message, {
      status: 429,
      type: 'rate_limit_error',
      code: 'rate_limit_exceeded',
      retryAfterSeconds: retryAfterSeconds ?? 1,
      cause,
    });
  }
  if (
    kind === 'refused' &&
    code === 'model-bad-request' &&
    (status === undefined || status === 400 || status === 422)
  ) {
    return new ApiError(message, { status: 400, type: 'invalid_request_error', code: 'upstream_refused', cause });
  }
  return new ApiError(message, {
    status: kind === 'timeout' ? 504 : 502,
    type: 'server_error',
    code: code.replace(/^model-/, 'upstream_').replaceAll('-', '_'),
    retryAfterSeconds,
    ...(kind === 'refused' ? { retry: false } : {}),
    cause,
  });
}
