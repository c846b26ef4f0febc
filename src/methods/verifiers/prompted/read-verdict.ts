import type { TokenLogprob } from '../../../core/index.ts';
import { twoWay } from '../verifying-model.ts';
import { verdicts } from './verdict-prompt.ts';

/** Whether a token begins or is a word, in any spelling: " Correct", "COR", "**correct". */
function begins(token: string, word: string): boolean {
  const letters = token.toLowerCase().replace(/[^a-z]/g, '');
  return letters !== '' && (word.startsWith(letters) || letters.startsWith(word));
}

/**
 * P(right) / (P(right) + P(wrong)) at the first token of a reply where either word has a share, each summed over its
 * spellings. Null where no token has one.
 */
export function readVerdict(tokens: readonly TokenLogprob[]): number | null {
  for (const { token, logprob, top = [] } of tokens) {
    const spellings = top.some((one) => one.token === token) ? top : [{ token, logprob }, ...top];
    let right = 0;
    let wrong = 0;
    for (const one of spellings) {
      if (begins(one.token, verdicts.right)) right += Math.exp(one.logprob);
      else if (begins(one.token, verdicts.wrong)) wrong += Math.exp(one.logprob);
    }
    if (right + wrong > 0) return twoWay(Math.log(right), Math.log(wrong));
  }
  return null;
}
