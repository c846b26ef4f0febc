import { usageError, type GenerateRequest, type LoglikelihoodRequest, type Message } from '../../core/index.ts';
import type { EngineCall } from '../../engine/index.ts';
import type { EngineFiles, HeldImage } from './engine-files.ts';

type GenerateCall = Extract<EngineCall, { op: 'generate' }>;
type LoglikelihoodCall = Extract<EngineCall, { op: 'loglikelihood' }>;

/** A prompt as the engine takes it, with the image files that it needs until it is answered. */
export interface HeldPrompt<Prompt> {
  readonly prompt: Prompt;
  readonly images: readonly HeldImage[];
}

export type GeneratePrompt = GenerateCall['prompts'][number];
export type LoglikelihoodPrompt = LoglikelihoodCall['prompts'][number];

/** Bytes that a batch's answer may have: a line of the engine may have 64 MiB. */
export const mostAnswerBytes = 32 * 2 ** 20;

/** About the most bytes of an answer with these settings. */
export function answerBytes({ maxTokens = 0, logprobs }: Pick<GeneratePrompt, 'maxTokens' | 'logprobs'>): number {
  const perToken = logprobs === undefined || logprobs === null ? 16 : 80 * (logprobs + 1);
  return maxTokens * perToken;
}

/**
 * A request's settings in the engine's terms: temperature 0 (greedy) where none is asked for, then top-k, then top-p,
 * both off where absent. Throws a usage error for values that mean nothing and for settings that the engine lacks.
 */
export function settingsOf(request: GenerateRequest, defaultMaxTokens: number): Omit<GeneratePrompt, 'messages'> {
  const { temperature = 0, topP, topK, stop = [], seed, logprobs, raw = false } = request;
  const maxTokens = request.maxTokens ?? defaultMaxTokens;
  const whole = (value: number | undefined, least: number): boolean =>
    value === undefined || (Number.isSafeInteger(value) && value >= least);
  check('maxTokens', maxTokens, whole(maxTokens, 1), 'a whole number from 1');
  check('temperature', temperature, temperature >= 0 && Number.isFinite(temperature), 'a number from 0');
  check('topP', topP, topP === undefined || (topP > 0 && topP <= 1), 'a number above 0, at most 1');
  check('topK', topK, whole(topK, 0), 'a whole number; 0 is off');
  check('seed', seed, whole(seed, Number.MIN_SAFE_INTEGER), 'a whole number');
  check('logprobs', logprobs, whole(logprobs, 0), 'a whole number from 0');
  check('stop', JSON.stringify(stop), !stop.includes(''), 'strings that are not empty');
  const [extra] = Object.keys(request.extra ?? {});
  if (extra !== undefined) {
    throw usageError(`A model of the engine has no setting "${extra}"`, {
      where: `extra.${extra}`,
      hint: 'Leave it out',
    });
  }
  const settings = {
    maxTokens,
    temperature,
    topP: topP ?? null,
    topK: topK === undefined || topK === 0 ? null : topK,
    stop: [...stop],
    seed: seed ?? null,
    logprobs: logprobs ?? null,
    raw,
  };
  if (answerBytes(settings) > mostAnswerBytes) {
    throw usageError(`${maxTokens} tokens with ${logprobs ?? 0} alternatives each are more than the engine answers`, {
      where: logprobs === undefined ? 'maxTokens' : 'logprobs',
      hint: 'Ask for fewer tokens or fewer alternatives',
    });
  }
  return settings;
}

function check(field: string, value: unknown, holds: boolean, expected: string): void {
  if (holds) return;
  throw usageError(`${field} is ${String(value)}; a model of the engine takes ${expected}`, { where: field });
}

/** Messages with images as files. The images are held for the caller, all or none. Throws what loading them throws. */
export async function holdMessages(
  messages: readonly Message[],
  files: EngineFiles,
): Promise<HeldPrompt<EngineMessages>> {
  const images: HeldImage[] = [];
  try {
    const prompt: EngineMessages = [];
    for (const { role, content } of messages) {
      if (typeof content === 'string') {
        prompt.push({ role, content });
        continue;
      }
      const parts: Exclude<EngineMessages[number]['content'], string> = [];
      for (const part of content) {
        if (part.type === 'text') {
          parts.push({ type: 'text', text: part.text });
          continue;
        }
        const image = await files.hold(part.image);
        images.push(image);
        parts.push({ type: 'image', image: image.path });
      }
      prompt.push({ role, content: parts });
    }
    return { prompt, images };
  } catch (error) {
    for (const image of images) files.release(image);
    throw error;
  }
}

export type EngineMessages = LoglikelihoodPrompt['messages'];

/** What is scored. */
export function continuationsOf({
  continuations,
  raw = false,
}: LoglikelihoodRequest): Omit<LoglikelihoodPrompt, 'messages'> {
  return { continuations: [...continuations], raw };
}
