import { cleanText } from '../clean-text.ts';
import { ModelError, type ModelErrorKind } from '../model-error.ts';
import { readRetryAfter } from '../retry-after.ts';
import type { HttpAnswer } from './http-client.ts';
import { isRecord } from './wire.ts';

/** What the reader of an error needs to know about the endpoint. */
export interface EndpointFacts {
  /** Origin and path of the base address. */
  readonly endpoint: string;
  readonly model: string;
  /** Where the key comes from, for people: `OPENAI_API_KEY`. */
  readonly keySource: string | undefined;
  readonly hasKey: boolean;
}

/** An answer with an error status, as an error that says what to do. The server's words are cleaned and capped. */
export function httpError(answer: HttpAnswer, path: string, facts: EndpointFacts): ModelError {
  const { status } = answer;
  const where = facts.endpoint + path;
  const { message: said, code } = serverWords(answer.text);
  const tail = said === '' ? '' : `: ${said}`;
  const make = (text: string, errorCode: string, kind: ModelErrorKind, hint?: string): ModelError =>
    new ModelError(`${text} (HTTP ${status})${tail}`, {
      code: errorCode,
      kind,
      status,
      where,
      hint,
      ...(kind !== 'refused' && { retryAfterMs: readRetryAfter(answer.headers) }),
    });

  switch (status) {
    case 401:
    case 403:
      return make(`${facts.endpoint} did not accept the key`, 'model-unauthorized', 'refused', keyHint(facts));
    case 402:
      return make(
        `${facts.endpoint} wants to be paid`,
        'model-quota',
        'refused',
        'Top up the account, then resume the run.',
      );
    case 404:
    case 405:
      return make(
        `${facts.endpoint} does not know the model "${cleanText(facts.model, 80)}" or the path ${path}`,
        'model-not-found',
        'refused',
        notFoundHint(facts, path),
      );
    case 408:
      return make(`${facts.endpoint} gave up waiting`, 'model-timeout', 'timeout');
    case 413:
      return make(
        'The request is too large for the endpoint',
        'model-context-length',
        'refused',
        'Send fewer or smaller images, or a shorter prompt.',
      );
    case 429:
      if (code === 'insufficient_quota') {
        const hint = 'The account has no quota left; waiting does not help. Top it up, then resume the run.';
        return make(`${facts.endpoint} refuses further calls`, 'model-quota', 'refused', hint);
      }
      return make(
        `${facts.endpoint} limits the rate`,
        'model-rate-limit',
        'rate-limit',
        'Lower --concurrency, or wait.',
      );
    default:
      if (status >= 500 || status === 409 || status === 425) {
        return make(`${facts.endpoint} failed`, 'model-server-error', 'server-error');
      }
      if (status >= 300 && status < 400) {
        const target = cleanText(String(answer.headers.location ?? 'nowhere'), 200);
        return make(
          `${where} redirects to ${target}`,
          'model-not-found',
          'refused',
          'Use the final address as the base address.',
        );
      }
      return badRequest(said, code, make);
  }
}

/** A failure told in the body of an answer with status 200. */
export function errorInBody(error: unknown, where: string): ModelError {
  const status = isRecord(error) ? Number(error.code ?? error.status) : Number.NaN;
  const said = serverWords(JSON.stringify({ error })).message;
  const kind: ModelErrorKind =
    status === 429 ? 'rate-limit' : status >= 400 && status < 500 && status !== 408 ? 'refused' : 'server-error';
  const code =
    kind === 'rate-limit' ? 'model-rate-limit' : kind === 'refused' ? 'model-bad-request' : 'model-server-error';
  return new ModelError(`${where} answered 200 with an error: ${said}`, { code, kind, where });
}

function badRequest(
  said: string,
  code: string,
  make: (text: string, code: string, kind: ModelErrorKind, hint?: string) => ModelError,
): ModelError {
  if (
    code === 'context_length_exceeded' ||
    /context (length|window|size)|too many tokens|maximum.*tokens|prompt is too long/i.test(said)
  ) {
    const hint = 'Shorten the prompt, lower maxTokens, or serve the model with a longer context.';
    return make('The prompt does not fit the context of the model', 'model-context-length', 'refused', hint);
  }
  if (/max_completion_tokens/.test(said)) {
    const hint = 'Set "maxTokensField": "max_completion_tokens" for the endpoint in fettle.config.json.';
    return make('The endpoint refuses the request', 'model-bad-request', 'refused', hint);
  }
  const field = /(?:unsupported|unrecognized|unknown|unexpected|extra)[^'"`]{0,60}['"`]([a-z_]{2,40})['"`]/i.exec(
    said,
  )?.[1];
  const hint =
    field === undefined
      ? undefined
      : `If the endpoint does not know "${field}", add it to "omit" of the endpoint in fettle.config.json.`;
  return make('The endpoint refuses the request', 'model-bad-request', 'refused', hint);
}

/** The message within the usual shapes of error bodies; the start of the text where none fits. */
function serverWords(text: string): { message: string; code: string } {
  try {
    const body: unknown = JSON.parse(text);
    const error = isRecord(body) ? (body.error ?? body.detail ?? body) : body;
    if (typeof error === 'string') return { message: cleanText(error), code: '' };
    if (isRecord(error)) {
      const message = typeof error.message === 'string' ? error.message : JSON.stringify(error);
      return { message: cleanText(message), code: typeof error.code === 'string' ? error.code : '' };
    }
    return { message: cleanText(text), code: '' };
  } catch {
    const title = text.trimStart().startsWith('<') ? /<title[^>]*>([^<]*)/i.exec(text.slice(0, 4000))?.[1] : undefined;
    return { message: cleanText(title ?? text), code: '' };
  }
}

function keyHint(facts: EndpointFacts): string {
  const source = facts.keySource ?? 'FETTLE_API_KEY';
  return facts.hasKey ? `Check the key in ${source}, and what it may use.` : `No key was sent: set ${source}.`;
}

function notFoundHint(facts: EndpointFacts, path: string): string {
  if (path === '/embeddings') return 'Does the server offer embeddings? Many chat servers do not.';
  if (/\/v\d[^/]*(\/|$)/.test(facts.endpoint))
    return 'Check the name of the model: GET /models of the endpoint lists them.';
  return `The base address usually ends in /v1: try ${facts.endpoint.replace(/\/$/, '')}/v1.`;
}
