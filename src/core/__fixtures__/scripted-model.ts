import type { GenerateRequest, Model } from '../index.ts';
import { messageText } from '../index.ts';

/** A model that answers from a function and counts what it is asked. */
export function scriptedModel(
  answer: (prompt: string, request: GenerateRequest) => string | Promise<string>,
): Model & { readonly asked: GenerateRequest[] } {
  const asked: GenerateRequest[] = [];
  return {
    id: 'scripted:model',
    identity: { kind: 'scripted' },
    endpoint: 'scripted',
    prices: { inputPerMillion: 1, outputPerMillion: 2 },
    asked,
    async generate(request, options) {
      options?.signal?.throwIfAborted();
      asked.push(request);
      const text = await answer(request.messages.map(messageText).join('\n'), request);
      return { text, finishReason: 'stop', usage: { inputTokens: 10, outputTokens: 5 } };
    },
  };
}
