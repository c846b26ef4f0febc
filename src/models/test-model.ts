import { hash } from 'node:crypto';
import {
  type ImageReference,
  messageText,
  usageError,
  type GenerateRequest,
  type GenerateResponse,
  type Message,
  type Model,
  type TokenLogprob,
} from '../core/index.ts';
import { inspectImage } from '../data/index.ts';
import { refuseImages } from './refuse-images.ts';
import { createTestClip } from './test-clip.ts';
import { createNgramEncoder, ngramVector, defaultEncoder } from './ngram-encoder.ts';

/** What `test:` offers: name and what it does. */
export const testModels: Readonly<Record<string, string>> = {
  echo: 'answers with the last user message, images as [image TYPE WIDTHxHEIGHT]',
  hash: 'answers with an option or digit that depends on the request, its images and the seed alone',
  'constant=TEXT': 'answers TEXT, whatever is asked',
  ngram: 'embeds texts as counts of hashed three-character windows',
  clip: 'embeds images by mean colour and texts by colour words, in one space',
};

type Answering = (request: GenerateRequest) => Promise<string>;

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
    identity: { provider: 'test', name, version: 2 },
    endpoint: 'test:',
    async generate(request, call) {
      call?.signal?.throwIfAborted();
      return respond(await answering(request), request);
    },
    async loglikelihood({ messages, continuations }) {
      const expected = await answering({ messages });
      const read = await transcript(messages);
      const scored = continuations.map((text) => {
        const tokens = Math.max(1, words(text).length);
        const greedy = text.trim() === expected.trim();
        return {
          logprob: greedy ? -0.1 * tokens : -tokens * (1 + 9 * fraction(read + text)),
          tokens,
          greedy,
        };
      });
      return {
        continuations: scored,
        usage: { inputTokens: inputTokens(messages) * continuations.length, outputTokens: 0 },
      };
    },
    async embed(request) {
      refuseImages(request, id);
      const { texts, encoder = defaultEncoder } = request;
      const inputTokens = texts.reduce((sum, text) => sum + words(text).length, 0);
      return { vectors: texts.map((text) => ngramVector(text, encoder)), usage: { inputTokens, outputTokens: 0 } };
    },
  };
}

function answeringOf(name: string): Answering {
  if (name === 'echo') return echoAnswer;
  if (name === 'hash') return hashAnswer;
  if (name.startsWith('constant=')) return () => Promise.resolve(name.slice('constant='.length));
  throw usageError(`There is no model "test:${name}".`, {
    hint: `There are: ${Object.keys(testModels)
      .map((one) => `test:${one}`)
      .join(', ')}.`,
  });
}

function lastUserMessage(messages: readonly Message[]): Message | undefined {
  return messages.findLast((message) => message.role === 'user') ?? messages.at(-1);
}

/** Shows which pictures arrived, and where in the text: `[image image/png 640x480]`. Throws what reading them throws. */
async function echoAnswer({ messages }: GenerateRequest): Promise<string> {
  const content = lastUserMessage(messages)?.content ?? '';
  if (typeof content === 'string') return content;
  const parts = content.map((part) => (part.type === 'text' ? part.text : describeImage(part.image)));
  return (await Promise.all(parts)).join('');
}

async function describeImage(image: ImageReference): Promise<string> {
  const { bytes } = await image.load();
  const { mediaType, width, height } = await inspectImage(bytes, image.label);
  return `[image ${mediaType} ${width}x${height}]`;
}

/** Picks among the options that the prompt lists (`A. …`, `(2) …`, `0: …`), else among the ten digits. */
async function hashAnswer(request: GenerateRequest): Promise<string> {
  const options = new Set<string>();
  const last = lastUserMessage(request.messages);
  for (const match of (last === undefined ? '' : messageText(last)).matchAll(/^\s*\(?([A-Z]|\d{1,2})[.):]\s/gm)) {
    if (match[1] !== undefined) options.add(match[1]);
  }
  const candidates = options.size > 1 ? [...options] : [...'0123456789'];
  const drawn = fraction(`${request.seed ?? 0}\0${request.temperature ?? 0}\0${await transcript(request.messages)}`);
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

/** All that a model reads, images by their hash. */
async function transcript(messages: readonly Message[]): Promise<string> {
  const read = messages.map(async ({ role, content }) => {
    if (typeof content === 'string') return `${role}\0${content}`;
    const parts = content.map(async (part) => (part.type === 'text' ? part.text : (await part.image.load()).sha256));
    return `${role}\0${(await Promise.all(parts)).join('\0')}`;
  });
  return (await Promise.all(read)).join('\0');
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
