import { errorMessage } from '../../core/index.ts';
import { cleanText } from '../clean-text.ts';
import { ModelError, type ModelErrorKind } from '../model-error.ts';
import { connectionError } from '../openai-compatible/connection-error.ts';
import { httpError, type EndpointFacts } from '../openai-compatible/http-error.ts';

/**
 * An error of a provider package as one of ours. Told by name and fields rather than by class:
 * every provider may bring its own copy of the SDK.
 */
export function sdkError(error: unknown, facts: EndpointFacts): ModelError {
  if (error instanceof ModelError) return error;
  const where = facts.endpoint;
  const fields = error instanceof Error ? (error as Error & Record<string, unknown>) : undefined;
  const name = fields?.name ?? '';
  if (name === 'AI_APICallError' && fields !== undefined) {
    const { statusCode, responseHeaders, responseBody, cause } = fields;
    if (typeof statusCode === 'number' && statusCode >= 300) {
      const headers = (responseHeaders ?? {}) as Record<string, string>;
      return httpError(
        { status: statusCode, headers, text: typeof responseBody === 'string' ? responseBody : '' },
        '',
        facts,
      );
    }
    if (typeof statusCode !== 'number')
      return connectionError(cause instanceof Error ? cause : (error as Error), { origin: where });
    return make(`The answer of ${where} cannot be read`, 'model-invalid-response', 'invalid-response');
  }
  if (/^AI_(JSONParse|TypeValidation|EmptyResponseBody|InvalidResponseData|NoContentGenerated)Error$/.test(name)) {
    return make(`The answer of ${where} cannot be read`, 'model-invalid-response', 'invalid-response');
  }
  if (name === 'AI_LoadAPIKeyError') return make('A key is missing', 'model-unauthorized', 'refused');
  if (name.startsWith('AI_')) return make(`${where} cannot take the request`, 'model-bad-request', 'refused');
  if (fields?.cause instanceof Error && name === 'TypeError') return connectionError(fields.cause, { origin: where });
  return make(`The call to ${where} failed`, 'model-failed', 'refused');

  function make(text: string, code: string, kind: ModelErrorKind): ModelError {
    return new ModelError(`${text}: ${cleanText(errorMessage(error))}`, { code, kind, where, cause: error });
  }
}
