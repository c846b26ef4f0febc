import type { ControlledEvaluateInputItem, Token } from 'node-llama-cpp';
import type { Slot } from './slot.ts';

export interface TokenScore {
  readonly token: Token;
  /** Natural logarithm of the model's own probability: temperature 1, nothing cut off. */
  readonly logprob: number;
  /** True where no token was likelier. */
  readonly greedy: boolean;
  /** The likeliest tokens, best first, as many as asked for. */
  readonly top: readonly { readonly token: Token; readonly logprob: number }[];
}

/**
 * Log-probabilities of `tokens[from…]`, each given all before it. The slot must hold exactly `tokens[0…at)`,
 * `at < from`; afterwards it holds all but the last token.
 */
export async function scoreTokens(
  slot: Slot,
  tokens: readonly Token[],
  { at, from, top = 0 }: { readonly at: number; readonly from: number; readonly top?: number },
): Promise<TokenScore[]> {
  const input = tokens.slice(at, -1).map((token, index): ControlledEvaluateInputItem => {
    const next = tokens[at + index + 1];
    if (next === undefined || at + index + 1 < from) return token;
    // Temperature 0 selects the likeliest token, whose logit the sum of weights is relative to.
    const filter = { tokens: [next], includeSelected: true, includeTop: top };
    return [
      token,
      { generateNext: { token: true, logits: { filter }, totalLogitWeight: true, options: { temperature: 0 } } },
    ];
  });
  const results = await slot.sequence.controlledEvaluate(input);
  return tokens.slice(from).map((token, index) => {
    const next = results[from - at - 1 + index]?.next;
    const logits = next?.logits;
    const logit = logits?.get(token);
    const highest = next?.token === null || next?.token === undefined ? undefined : logits?.get(next.token);
    if (next?.totalLogitWeight === undefined || logits === undefined || logit === undefined || highest === undefined) {
      throw new Error('llama.cpp gave no logits');
    }
    const logWeight = highest + Math.log(next.totalLogitWeight);
    return {
      token,
      logprob: logit - logWeight,
      greedy: logit >= highest,
      top: [...logits]
        .toSorted((a, b) => b[1] - a[1])
        .slice(0, top)
        .map(([other, value]) => ({ token: other, logprob: value - logWeight })),
    };
  });
}
