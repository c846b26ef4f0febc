import type { LlamaContext, LlamaContextSequence, Token } from 'node-llama-cpp';

/**
 * Tokens that llama.cpp gets at once. Prompts are always cut at multiples of it: with some weight formats the result
 * for a token depends, in the last digits, on how many others stand in its batch (matrix kernels differ for whole
 * blocks and remainders). With fixed cuts a reused prefix gives the same bits as a fresh one.
 */
export const chunkTokens = 64;

/** One context with one sequence: answers one request at a time. */
export interface Slot {
  readonly context: LlamaContext;
  readonly sequence: LlamaContextSequence;
  /** How many tokens of a prompt this slot would not have to read again. */
  reusable(tokens: readonly Token[]): number;
  /**
   * Brings the sequence to a beginning of `tokens` and gives its length: all whole chunks but the last,
   * so that at least one token is left to evaluate. Throws the signal's reason between chunks.
   */
  seek(tokens: readonly Token[], signal: AbortSignal): Promise<number>;
  /** Forgets what lies behind the first `length` tokens. */
  rewind(length: number): Promise<void>;
}

export function createSlot(context: LlamaContext): Slot {
  const sequence = context.getSequence();
  /** Tokens at the start of the sequence that were read in whole chunks. */
  let held: Token[] = [];

  const reusable = (tokens: readonly Token[]): number => {
    let same = 0;
    const most = Math.min(held.length, tokens.length - 1);
    while (same < most && held[same] === tokens[same]) same++;
    return same - (same % chunkTokens);
  };

  const rewind = async (length: number): Promise<void> => {
    if (held.length > length) held = held.slice(0, length - (length % chunkTokens));
    if (length === 0) await sequence.clearHistory();
    else await sequence.eraseContextTokenRanges([{ start: length, end: sequence.nextTokenIndex }]);
  };

  return {
    context,
    sequence,
    reusable,
    rewind,
    async seek(tokens, signal) {
      // Recurrent models cannot go back to a prefix; the library would read it again in other cuts.
      let at = sequence.needsCheckpoints ? 0 : reusable(tokens);
      await rewind(at);
      while (tokens.length - at > chunkTokens) {
        signal.throwIfAborted();
        const chunk = tokens.slice(at, at + chunkTokens);
        await sequence.evaluateWithoutGeneratingNewTokens(chunk);
        held = [...held, ...chunk];
        at += chunkTokens;
      }
      signal.throwIfAborted();
      return at;
    },
  };
}
