import type { Token } from 'node-llama-cpp';
import type { LoglikelihoodRequest, LoglikelihoodResponse } from '../../core/index.ts';
import type { PromptTokens } from './prompt-tokens.ts';
import { scoreTokens } from './score-tokens.ts';
import type { Slot } from './slot.ts';

/** One continuation as it is scored: `tokens[from…]` are its own. */
export interface ContinuationTokens {
  readonly tokens: readonly Token[];
  readonly from: number;
}

/**
 * Cuts prompt and continuations into tokens.
 *
 * Chat: the rendered prompt ends where the reply begins, and the continuation is cut on its own, as the model would
 * have to generate it. Raw: prompt and continuation are cut together, as lm-evaluation-harness does, and what
 * differs from the prompt alone is the continuation; a token that spans the seam thus counts to the continuation.
 */
export function continuationTokens(
  request: LoglikelihoodRequest,
  prompt: PromptTokens,
): { readonly context: readonly Token[]; readonly continuations: readonly ContinuationTokens[] } {
  const context = request.raw === true ? prompt.raw(request.messages) : prompt.chat(request.messages);
  const continuations = request.continuations.map((text) => {
    if (request.raw !== true) return { tokens: [...context, ...prompt.continuation(text)], from: context.length };
    const tokens = text === '' ? context : prompt.raw(request.messages, text);
    let from = 0;
    while (from < context.length && tokens[from] === context[from]) from++;
    return { tokens, from };
  });
  return { context, continuations };
}

/**
 * Scores each continuation after one prompt, which is read once. Each score is the sum of natural-log probabilities of
 * the continuation's tokens under the model itself (temperature 1). An empty continuation has log-probability 0.
 */
export async function scoreContinuations(
  slot: Slot,
  { context, continuations }: ReturnType<typeof continuationTokens>,
  signal: AbortSignal,
): Promise<LoglikelihoodResponse> {
  // All continuations share this beginning; the last shared token is left out since its logits are wanted.
  const shared = Math.min(context.length, ...continuations.map(({ from }) => from)) - 1;
  const beginning = context.slice(0, Math.max(shared, 0));
  if (beginning.length > 0) {
    const at = await slot.seek(beginning, signal);
    await slot.sequence.evaluateWithoutGeneratingNewTokens(beginning.slice(at));
  }
  const scored: LoglikelihoodResponse['continuations'][number][] = [];
  for (const { tokens, from } of continuations) {
    signal.throwIfAborted();
    if (from >= tokens.length) {
      scored.push({ logprob: 0, tokens: 0, greedy: true });
      continue;
    }
    await slot.rewind(beginning.length);
    const scores = await scoreTokens(slot, tokens, { at: beginning.length, from });
    scored.push({
      logprob: scores.reduce((sum, score) => sum + score.logprob, 0),
      tokens: scores.length,
      greedy: scores.every((score) => score.greedy),
    });
  }
  const outputTokens = 0;
  return {
    continuations: scored,
    usage: { inputTokens: context.length + scored.reduce((sum, one) => sum + one.tokens, 0), outputTokens },
  };
}
