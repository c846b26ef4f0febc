import {
  messageText,
  type ContentPart,
  type GenerateRequest,
  type JsonObject,
  type Message,
} from '../../core/index.ts';
import { mapWithin } from '../map-within.ts';
import { ModelError } from '../model-error.ts';

/** Images of one message that are read at once. */
const imagesAtOnce = 4;

/** The part of the AI SDK's call options that Fettle fills. */
export interface CallOptionsOfSdk {
  prompt: unknown[];
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  topK?: number;
  seed?: number;
  stopSequences?: string[];
  abortSignal?: AbortSignal;
  providerOptions?: Record<string, JsonObject>;
}

/** A request as `doGenerate` wants it. Images are read here. */
export async function sdkOptions(
  request: GenerateRequest,
  target: { readonly provider: string; readonly version: string },
  signal: AbortSignal | undefined,
): Promise<CallOptionsOfSdk> {
  if (request.raw) {
    throw new ModelError('Raw text cannot be continued through the AI SDK: its models take a conversation.', {
      code: 'model-bad-request',
      kind: 'refused',
      hint: 'Use an OpenAI-compatible endpoint with /completions, or a local model.',
    });
  }
  // `anthropic.messages` takes its own options under `anthropic`.
  const [namespace = target.provider] = target.provider.split('.');
  return {
    prompt: await Promise.all(request.messages.map((message) => sdkMessage(message, target.version))),
    ...(request.maxTokens !== undefined && { maxOutputTokens: request.maxTokens }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.topP !== undefined && { topP: request.topP }),
    ...(request.topK !== undefined && { topK: request.topK }),
    ...(request.seed !== undefined && { seed: request.seed }),
    ...(request.stop !== undefined && request.stop.length > 0 && { stopSequences: [...request.stop] }),
    ...(signal && { abortSignal: signal }),
    ...(request.extra && { providerOptions: { [namespace]: request.extra } }),
  };
}

async function sdkMessage(message: Message, version: string): Promise<unknown> {
  if (message.role === 'system') return { role: 'system', content: messageText(message) };
  const parts: readonly ContentPart[] =
    typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
  const content = await mapWithin(parts, imagesAtOnce, async (part) => {
    if (part.type === 'text') return { type: 'text', text: part.text };
    const { bytes, mediaType } = await part.image.load();
    // From version 4 on data says what it is.
    const data = /^v[23]$/.test(version) ? bytes : { type: 'data', data: bytes };
    return { type: 'file', data, mediaType };
  });
  return { role: message.role, content };
}
