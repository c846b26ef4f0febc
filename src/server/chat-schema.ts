import { z } from 'zod';
import type { GenerationSettings } from '../core/index.ts';
import { type ApiError, badRequest } from './api-error.ts';

const textPart = z.object({ type: z.literal('text'), text: z.string() });

const imagePart = z.object({
  type: z.literal('image_url'),
  image_url: z.object({ url: z.string(), detail: z.enum(['auto', 'low', 'high']).nullish() }),
});

const anyPart = z.discriminatedUnion('type', [textPart, imagePart], {
  error: 'is of a type that methods cannot use; text and image_url are known',
});

const textContent = z.union([z.string(), z.array(textPart).min(1)], {
  error: 'must be a text or a list of text parts',
});

const message = z.discriminatedUnion(
  'role',
  [
    z.strictObject({ role: z.literal(['system', 'developer']), content: textContent }),
    z.strictObject({ role: z.literal('user'), content: z.union([z.string(), z.array(anyPart).min(1)]) }),
    z.strictObject({
      role: z.literal('assistant'),
      content: textContent,
      // What the client's library sends back of an answer as it got it.
      refusal: z.null().optional(),
      annotations: z.array(z.unknown()).max(0).optional(),
      tool_calls: z.array(z.unknown()).max(0).nullish(),
      function_call: z.null().optional(),
      audio: z.null().optional(),
      reasoning_content: z.string().nullish(),
    }),
  ],
  { error: 'has a role that methods cannot use; system, developer, user and assistant are known' },
);

const tokens = z.int().min(1).max(10_000_000);

/** What of a request is honoured. `null` is what clients send for a field that they leave open. */
const chatSchema = z.object({
  model: z.string().min(1),
  messages: z.array(message).min(1).max(10_000),
  max_tokens: tokens.nullish(),
  max_completion_tokens: tokens.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  top_k: z.int().min(1).nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(16)]).nullish(),
  seed: z.int().nullish(),
  n: z.int().min(1).max(128).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  user: z.string().nullish(),
});

export type ChatFields = z.output<typeof chatSchema>;
export type ChatMessage = ChatFields['messages'][number];

/** Fields that change no answer. */
const ignored = new Set([
  'metadata',
  'store',
  'service_tier',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'parallel_tool_calls',
]);

/** Values of fields that methods do not have, for which the field may as well be absent. */
const harmless: Readonly<Record<string, (value: unknown) => boolean>> = {
  tools: isEmpty,
  functions: isEmpty,
  tool_choice: (value) => value === 'none' || value === 'auto',
  function_call: (value) => value === 'none' || value === 'auto',
  logit_bias: (value) => typeof value === 'object' && value !== null && Object.keys(value).length === 0,
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  frequency_penalty: (value) => value === 0,
  presence_penalty: (value) => value === 0,
  response_format: (value) => typeof value === 'object' && value !== null && 'type' in value && value.type === 'text',
  modalities: (value) => Array.isArray(value) && value.length === 1 && value[0] === 'text',
};

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Why a field that a client may well send is refused, where that is more than being unknown. */
const why: Readonly<Record<string, string>> = {
  tools: 'a method answers in text and calls no tools',
  functions: 'a method answers in text and calls no functions',
  response_format: 'a method may ask several models in words of its own, so no format can be held to',
  logprobs: 'an answer that a method made from several calls has no log-probabilities',
  audio: 'answers are text',
};

/** The fields of a request. Throws the 400 that names the field at fault. */
export function parseChat(body: unknown): ChatFields {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('The body has to be a JSON object.', null, 'invalid_json');
  }
  for (const [name, value] of Object.entries(body)) {
    if (Object.hasOwn(chatSchema.shape, name) || ignored.has(name)) continue;
    if (value === null || (Object.hasOwn(harmless, name) && harmless[name]?.(value) === true)) continue;
    throw refusedField(name);
  }
  const parsed = chatSchema.safeParse(body);
  if (parsed.success) {
    const { max_tokens, max_completion_tokens } = parsed.data;
    if (max_tokens != null && max_completion_tokens != null && max_tokens !== max_completion_tokens) {
      throw badRequest('max_tokens and max_completion_tokens differ; send one of them.', 'max_tokens');
    }
    return parsed.data;
  }
  const issue = deepest(parsed.error.issues[0]);
  const param = issue === undefined ? null : fieldName(issue.path);
  throw badRequest(`${param ?? 'The request'}: ${issue?.message ?? 'is invalid'}.`, param, 'invalid_value');
}

function refusedField(name: string): ApiError {
  const field = name.length > 64 ? `${name.slice(0, 64)}…` : name;
  const known = Object.hasOwn(why, name) || Object.hasOwn(harmless, name);
  const reason = Object.hasOwn(why, name) ? `: ${why[name]}` : '';
  return known
    ? badRequest(`${field} is not supported here${reason}.`, field, 'unsupported_parameter')
    : badRequest(`${field} is not a field that is known here, and it may change answers.`, field, 'unknown_parameter');
}

interface Issue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly errors?: readonly (readonly Issue[])[];
}

/** Of a union that fits in no way, the complaint of the way that came furthest into the value. */
function deepest(issue: Issue | undefined): Issue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const inner = issue.errors?.map(([first]) => deepest(first)).filter((one) => one !== undefined) ?? [];
  const furthest = inner.reduce<Issue | undefined>(
    (best, one) => (one.path.length > (best?.path.length ?? 0) ? one : best),
    undefined,
  );
  return furthest === undefined ? issue : { ...furthest, path: [...issue.path, ...furthest.path] };
}

/** `messages[2].content`, as OpenAI writes it. */
function fieldName(path: readonly PropertyKey[]): string | null {
  let name = '';
  for (const part of path) name += typeof part === 'number' ? `[${part}]` : `${name === '' ? '' : '.'}${String(part)}`;
  return name === '' ? null : name;
}

/** What the client set, by the names of the core. */
export function settingsOf(fields: ChatFields): Omit<GenerationSettings, 'seed'> {
  const { temperature, top_p: topP, top_k: topK, stop } = fields;
  const maxTokens = fields.max_completion_tokens ?? fields.max_tokens;
  return {
    ...(maxTokens == null ? {} : { maxTokens }),
    ...(temperature == null ? {} : { temperature }),
    ...(topP == null ? {} : { topP }),
    ...(topK == null ? {} : { topK }),
    ...(stop == null || stop.length === 0 ? {} : { stop: typeof stop === 'string' ? [stop] : stop }),
  };
}
