import type { Message, Sample } from '../../../core/index.ts';
import { renderTags, withInstruction } from '../../steps/index.ts';

/** They differ in their first letter, and most tokenizers have each as one token. */
export const verdicts = { right: 'correct', wrong: 'wrong' } as const;

/** Asks about the last of some steps in the light of those before it. */
export function verdictPrompt(sample: Sample, steps: readonly string[]): Message[] {
  const text = `Somebody has begun to answer the above:
${renderTags(steps)}

Check step ${steps.length} in the light of the question and the steps before it. Is the reasoning right up to this point, in its facts, its arithmetic and its logic? Reply with one word, ${verdicts.right} or ${verdicts.wrong}.`;
  return withInstruction(sample.input, text);
}
