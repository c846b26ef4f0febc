import type { TokenLogprob } from '../../../core/index.ts';
import { verdicts } from './verdict-prompt.ts';

/** Whether a token begins or is a word, in any spelling: " Correct", "COR", "**correct". */
function begins(token: string, word: string): boolean {
  const letters = token.toLowerCase().replace(/[^a-z]/g, '');
  return letters !== '' && (word.startsWith(letters) || letters.startsWith(word));
}

/**
 * P(right) / (P(right) + P(wrong)) at the token of a reply where both together have the greatest share, each summed over
 * its spellings: small models begin with "The reasoning is". A word that is not among the reported alternatives counts
 * with the most that it can have. Null where no token gives either word a share.
 */
export function readVerdict(tokens: readonly TokenLogprob[]): number | null {
  let found: { readonly share: number; readonly verdict: number } | null = null;
  for (const { token, logprob, top = [] } of tokens) {
    const spellings = top.some((one) => one.token === token) ? top : [{ token, logprob }, ...top];
    let [right, wrong, all, least] = [0, 0, 0, 1];
    for (const one of spellings) {
      const share = Math.exp(one.logprob);
      all += share;
      least = Math.min(least, share);
      if (begins(one.token, verdicts.right)) right += share;
      else if (begins(one.token, verdicts.wrong)) wrong += share;
    }
    const share = right + wrong;
    if (share === 0 || (found !== null && share <= found.share)) continue;
    const unseen = Math.max(0, Math.min(least, 1 - all));
    if (right === 0) right = unseen;
    if (wrong === 0) wrong = unseen;
    found = { share, verdict: right / (right + wrong) };
  }
  return found?.verdict ?? null;
}
