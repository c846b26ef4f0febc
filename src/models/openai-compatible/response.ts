import type { FinishReason, GenerateResponse, Usage } from '../../core/index.ts';
import { cleanText } from '../clean-text.ts';
import { ModelError } from '../model-error.ts';
import { chatLogprobs, completionLogprobs } from './logprobs.ts';
import { errorInBody } from './http-error.ts';
import { isRecord, type WireRecord } from './wire.ts';

/**
 * Parses a body with status 200. Checked by hand rather than by a schema, so that the message can say
 * which of the common mistakes was made.
 */
export function parseBody(text: string, where: string): WireRecord {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw notJson(text, where, cause);
  }
  if (!isRecord(body))
    throw invalid(`The answer of ${where} is JSON, but not an object: ${cleanText(text, 120)}`, where);
  // Some hosts answer 200 and put the failure into the body.
  if (body.error !== undefined && body.error !== null && body.choices === undefined && body.data === undefined) {
    throw errorInBody(body.error, where);
  }
  return body;
}

/** Reads an answer of /chat/completions. */
export function readChat(text: string, where: string): GenerateResponse {
  const body = parseBody(text, where);
  const choice = firstChoice(body, where);
  const message = choice.message;
  if (!isRecord(message)) {
    throw invalid(`The answer of ${where} has a choice without "message".`, where, 'Is this a chat endpoint?');
  }
  const answer = contentText(message.content) ?? (typeof message.refusal === 'string' ? message.refusal : undefined);
  if (answer === undefined && message.content !== null && message.content !== undefined) {
    throw invalid(`The answer of ${where} has a "content" that is neither text nor null.`, where);
  }
  const reasoning = message.reasoning_content ?? message.reasoning;
  const logprobs = isRecord(choice.logprobs) ? chatLogprobs(choice.logprobs) : undefined;
  return response(body, choice, answer ?? '', logprobs, typeof reasoning === 'string' ? reasoning : undefined);
}

/** Reads an answer of /completions. */
export function readCompletion(text: string, where: string): GenerateResponse {
  const body = parseBody(text, where);
  const choice = firstChoice(body, where);
  if (typeof choice.text !== 'string') {
    throw invalid(`The answer of ${where} has a choice without "text".`, where, 'Does the server offer /completions?');
  }
  const logprobs = isRecord(choice.logprobs) ? completionLogprobs(choice.logprobs) : undefined;
  return response(body, choice, choice.text, logprobs, undefined);
}

function response(
  body: WireRecord,
  choice: WireRecord,
  text: string,
  logprobs: GenerateResponse['logprobs'],
  reasoning: string | undefined,
): GenerateResponse {
  return {
    text,
    finishReason: finishReason(choice.finish_reason),
    usage: readUsage(body.usage),
    ...(logprobs && { logprobs }),
    ...(reasoning && { reasoning }),
    ...(typeof body.model === 'string' && { model: body.model }),
  };
}

function firstChoice(body: WireRecord, where: string): WireRecord {
  const choice: unknown = Array.isArray(body.choices) ? body.choices[0] : undefined;
  if (isRecord(choice)) return choice;
  const fields = cleanText(Object.keys(body).join(', '), 120) || 'none';
  throw invalid(
    `The answer of ${where} has no "choices" (its fields: ${fields}).`,
    where,
    'Is this the base address of an OpenAI-compatible API? It usually ends in /v1.',
  );
}

/** Some servers give content as a list of parts. */
function contentText(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  let text = '';
  for (const part of content) if (isRecord(part) && typeof part.text === 'string') text += part.text;
  return text;
}

function finishReason(reason: unknown): FinishReason {
  switch (reason) {
    case 'stop':
    case 'eos':
    case 'eos_token':
    case 'stop_sequence':
    case 'end_turn':
      return 'stop';
    case 'length':
    case 'max_tokens':
      return 'length';
    case 'content_filter':
      return 'content-filter';
    case 'error':
      return 'error';
    default:
      return 'other';
  }
}

/** Token counts, with the cached and reasoning parts where they are told. */
export function readUsage(usage: unknown): Usage {
  if (!isRecord(usage)) return {};
  const input = isRecord(usage.prompt_tokens_details) ? usage.prompt_tokens_details : undefined;
  const output = isRecord(usage.completion_tokens_details) ? usage.completion_tokens_details : undefined;
  const cached = count(input?.cached_tokens ?? usage.prompt_cache_hit_tokens);
  const reasoning = count(output?.reasoning_tokens);
  return {
    inputTokens: count(usage.prompt_tokens),
    outputTokens: count(usage.completion_tokens),
    ...(cached !== undefined && { cachedInputTokens: cached }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
  };
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function notJson(text: string, where: string, cause: unknown): ModelError {
  const start = text.trimStart();
  if (start === '') return invalid(`The answer of ${where} is empty.`, where);
  if (start.startsWith('<')) {
    return new ModelError(`${where} answered with a web page instead of JSON: ${cleanText(pageTitle(start), 120)}`, {
      code: 'model-invalid-response',
      kind: 'invalid-response',
      retryable: false,
      where,
      hint: 'The base address is probably wrong: it usually ends in /v1, and a proxy or login page may stand before it.',
    });
  }
  if (start.startsWith('data:')) {
    const hint = 'Remove "stream" from the extra fields.';
    return invalid(`${where} answered with a stream, which was not asked for.`, where, hint, false);
  }
  return invalid(
    `The answer of ${where} is not JSON (cut off?): ${cleanText(start, 120)}`,
    where,
    undefined,
    true,
    cause,
  );
}

function pageTitle(page: string): string {
  return /<title[^>]*>([^<]*)/i.exec(page.slice(0, 4000))?.[1] ?? page.slice(0, 120);
}

export function invalid(
  message: string,
  where: string,
  hint?: string,
  retryable = hint === undefined,
  cause?: unknown,
): ModelError {
  return new ModelError(message, {
    code: 'model-invalid-response',
    kind: 'invalid-response',
    retryable,
    where,
    hint,
    cause,
  });
}
