import { messageText, type GenerateRequest, type JsonObject, type Message } from '../../core/index.ts';
import { ModelError } from '../model-error.ts';
import { wireMessages } from './wire-messages.ts';

/** What differs between endpoints in how a request is written. */
export interface RequestDialect {
  readonly model: string;
  /** The field for the bound of new tokens. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** Fields that the endpoint does not know, by their names on the wire. */
  readonly omit: ReadonlySet<string>;
  /** Fields sent with every request, below those of the request. */
  readonly extra: JsonObject;
}

export type WireFields = Record<string, unknown>;

/** The body of /chat/completions. Images are read here and travel as data URIs. */
export function chatBody(request: GenerateRequest, dialect: RequestDialect): string | Promise<string> {
  const rest = settingFields(request, dialect, dialect.maxTokensField);
  if (request.logprobs !== undefined) {
    rest.logprobs = true;
    if (request.logprobs > 0) rest.top_logprobs = request.logprobs;
  }
  const { messages } = request;
  if (messages.every(hasPlainText)) return finish({ messages, ...rest }, request, dialect);
  return wireMessages(messages).then((loaded) => finish({ messages: loaded, ...rest }, request, dialect));
}

/** The body of /completions, for text that is continued as it stands. */
export function completionBody(request: GenerateRequest, dialect: RequestDialect): string {
  const rest = settingFields(request, dialect, 'max_tokens');
  if (request.logprobs !== undefined) rest.logprobs = request.logprobs;
  return finish({ prompt: rawPrompt(request.messages), ...rest }, request, dialect);
}

/** The text that a raw request continues. */
export function rawPrompt(messages: readonly Message[]): string {
  const last = messages.at(-1);
  if (last === undefined) throw badRequest('A request without messages cannot be sent.');
  if (typeof last.content !== 'string' && last.content.some((part) => part.type === 'image')) {
    throw badRequest('A raw request to an OpenAI-compatible endpoint takes text only, and this one holds an image.');
  }
  return messageText(last);
}

function hasPlainText(message: Message): boolean {
  return typeof message.content === 'string';
}

function settingFields(request: GenerateRequest, dialect: RequestDialect, maxTokensField: string): WireFields {
  const fields: WireFields = { model: dialect.model };
  if (request.maxTokens !== undefined) fields[maxTokensField] = request.maxTokens;
  if (request.temperature !== undefined) fields.temperature = request.temperature;
  if (request.topP !== undefined) fields.top_p = request.topP;
  if (request.topK !== undefined) fields.top_k = request.topK;
  if (request.stop !== undefined && request.stop.length > 0) fields.stop = request.stop;
  if (request.seed !== undefined) fields.seed = request.seed;
  return fields;
}

function finish(fields: WireFields, request: GenerateRequest, dialect: RequestDialect): string {
  for (const name of dialect.omit) delete fields[name];
  return JSON.stringify({ ...dialect.extra, ...fields, ...request.extra, stream: false });
}

function badRequest(message: string): ModelError {
  return new ModelError(message, { code: 'model-bad-request', kind: 'refused' });
}
