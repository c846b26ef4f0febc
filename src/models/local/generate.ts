import type { LlamaModel, Token } from 'node-llama-cpp';
import type { FinishReason, GenerateRequest, GenerateResponse, TokenLogprob } from '../../core/index.ts';
import type { Sampling } from './sampling.ts';
import { scoreTokens, type TokenScore } from './score-tokens.ts';
import type { Slot } from './slot.ts';

export interface GenerateOptions {
  readonly model: LlamaModel;
  readonly prompt: readonly Token[];
  /** Never so many that the context overflows. */
  readonly maxTokens: number;
  readonly sampling: Sampling;
  readonly stop: readonly string[];
  readonly logprobs: GenerateRequest['logprobs'];
  readonly signal: AbortSignal;
}

/**
 * One text from one prompt. Ends with the model's end token, with a stop string (which is cut off) or at `maxTokens`.
 *
 * Log-probabilities are those of the model itself (temperature 1, no top-k or top-p), taken in a second reading of the
 * finished text, so that asking for them does not change what is sampled.
 */
export async function generateText(slot: Slot, options: GenerateOptions): Promise<GenerateResponse> {
  const { model, prompt, maxTokens, stop, signal } = options;
  const at = await slot.seek(prompt, signal);
  const tokens: Token[] = [];
  const textOf = (): string => model.detokenize(tokens, false, prompt.slice(-8));
  let finishReason: FinishReason = 'stop';
  let cut: number | undefined;
  for await (const token of slot.sequence.evaluate(prompt.slice(at), { ...options.sampling })) {
    signal.throwIfAborted();
    tokens.push(token);
    cut = stop.length === 0 ? undefined : firstStop(textOf(), stop);
    if (cut !== undefined) break;
    if (tokens.length >= maxTokens) {
      finishReason = 'length';
      break;
    }
  }
  const text = textOf().slice(0, cut);
  const usage = { inputTokens: prompt.length, outputTokens: tokens.length };
  const response: GenerateResponse = { text, finishReason, usage };
  if (options.logprobs === undefined) return response;
  if (tokens.length === 0) return { ...response, logprobs: [] };
  const start = await slot.seek(prompt, signal);
  const from = prompt.length;
  const scores = await scoreTokens(slot, [...prompt, ...tokens], { at: start, from, top: options.logprobs });
  return { ...response, logprobs: scores.map((score) => tokenLogprob(model, score)) };
}

function firstStop(text: string, stop: readonly string[]): number | undefined {
  const found = stop.map((one) => text.indexOf(one)).filter((position) => position >= 0);
  return found.length === 0 ? undefined : Math.min(...found);
}

function tokenLogprob(model: LlamaModel, { token, logprob, top }: TokenScore): TokenLogprob {
  const spell = (one: Token): string => model.detokenize([one], true, [one]);
  if (top.length === 0) return { token: spell(token), logprob };
  return {
    token: spell(token),
    logprob,
    top: top.map((other) => ({ token: spell(other.token), logprob: other.logprob })),
  };
}
