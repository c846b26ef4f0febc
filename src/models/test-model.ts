import { hash } from 'node:crypto';
import {
  messageText,
  usageError,
  type GenerateRequest,
  type GenerateResponse,
  type Message,
  type Model,
  type TokenLogprob,
} from '../core/index.ts';
import { createTestClip } from './test-clip.ts';
import { createNgramEncoder, ngramVector, defaultEncoder } from './ngram-encoder.ts';

/** What `test:` offers: name and what it does. */
export const testModels: Readonly<Record<string, string>> = {
  echo: 'answers with the text of the last user message',
  hash: 'answers with an option or digit that depends on the request and the seed alone',
  'constant=TEXT': 'answers TEXT',
  ngram: 'embeds texts as counts of hashed three-character windows',
  clip: 'embeds images by mean colour and texts by colour words, in one space',
};

type Answering = (request: GenerateRequest) => string;

/**
 * A deterministic model without weights or network, for trying things out and for tests.
 *
 * @param name what stands behind `test:` — `echo`, `hash`, `constant=TEXT` or `ngram`
 * @throws FettleError (usage) for any other name
 */
export function createTestModel(name: string): Model {
  const id = `test:${name}`;
  if (name === 'ngram') return createNgramEncoder(id);
  if (name === 'clip') return createTestClip(id);
  const answering = answeringOf(name);
  return {
    id,
    identity: { provider: 'test', name, version: 1 },
    endpoint: 'test:',
    async generate(request, call) {
      call?.signal?.throwIfAborted();
      return respond(answering(request), request);
    },
    async loglikelihood({ messages, continuations }) {
      const expected = answering({ messages });
      const scored = continuations.map((text) => {
        const tokens = Math.max(1, words(text).length);
        const greedy = text.trim() === expected.trim();
        return {
          logprob: greedy ? -0.1 * tokens : -tokens * (1 + 9 * fraction(transcript(messages) + text)),
          tokens,
          greedy,
        };
      });
      return {
        continuations: scored,
        usage: { inputTokens: inputTokens(messages) * continuations.length, outputTokens: 0 },
      };
    },
    async embed({ texts, encoder = defaultEncoder }) {
      const inputTokens = texts.reduce((sum, text) => sum + words(text).length, 0);
      return { vectors: texts.map((text) => ngramVector(text, encoder)), usage: { inputTokens, outputTokens: 0 } };
    },
  };
}

function answeringOf(name: string): Answering {
  if (name === 'echo') return ({ messages }) => lastUserText(messages);
  if (name === 'hash') return hashAnswer;
  if (name.startsWith('constant=')) return () => name.slice('constant='.length);
  throw usageError(`There is no model "test:${name}".`, {
    hint: `There are: ${Object.keys(testModels)
      .map((one) => `test:${one}`)
      .join(', ')}.`,
  });
}

function lastUserText(messages: readonly Message[]): string {
  const last = messages.findLast((message) => message.role === 'user') ?? messages.at(-1);
  return last === undefined ? '' : messageText(last);
}

/** Picks among the options that the prompt lists (`A. …`, `(2) …`, `0: …`), else among the ten digits. */
function hashAnswer(request: GenerateRequest): string {
  const options = new Set<string>();
  for (const match of lastUserText(request.messages).matchAll(/^\s*\(?([A-Z]|\d{1,2})[.):]\s/gm)) {
    if (match[1] !== undefined) options.add(match[1]);
  }
  const candidates = options.size > 1 ? [...options] : [...'0123456789'];
  const drawn = fraction(`${request.seed ?? 0}\0${request.temperature ?? 0}\0${transcript(request.messages)}`);
  return candidates[Math.floor(drawn * candidates.length)] ?? '';
}

function respond(answer: string, request: GenerateRequest): GenerateResponse {
  let text = answer;
  let finishReason: GenerateResponse['finishReason'] = 'stop';
  for (const stop of request.stop ?? []) {
    const at = stop === '' ? -1 : text.indexOf(stop);
    if (at !== -1) text = text.slice(0, at);
  }
  const { maxTokens } = request;
  let pieces: string[] = text.match(/\s*\S+/g) ?? [];
  if (maxTokens !== undefined && pieces.length > maxTokens) {
    pieces = pieces.slice(0, maxTokens);
    text = pieces.join('');
    finishReason = 'length';
  }
  const outputTokens = pieces.length;
  const logprobs: TokenLogprob[] | undefined =
    request.logprobs === undefined
      ? undefined
      : pieces.map((token) => ({
          token,
          logprob: -0.1,
          ...(request.logprobs !== 0 && { top: [{ token, logprob: -0.1 }] }),
        }));
  return {
    text,
    finishReason,
    usage: { inputTokens: inputTokens(request.messages), outputTokens },
    ...(logprobs && { logprobs }),
  };
}

function transcript(messages: readonly Message[]): string {
  return messages
    .map(({ role, content }) => {
      const parts =
        typeof content === 'string'
          ? content
          : content.map((part) => (part.type === 'text' ? part.text : part.image.label)).join('\0');
      return `${role}\0${parts}`;
    })
    .join('\0');
}

/** Uniform in [0, 1), from the sha256 of a text. */
function fraction(text: string): number {
  return hash('sha256', text, 'buffer').readUIntBE(0, 6) / 2 ** 48;
}

function inputTokens(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + words(messageText(message)).length, 0);
}

function words(text: string): string[] {
  return text.match(/\S+/g) ?? [];
}
