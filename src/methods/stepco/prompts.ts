import type { Message } from '../../core/index.ts';
import { renderTags, stepPrompt, type StepPath, withInstruction } from '../steps/index.ts';

/** A probability as a percentage with two decimals. */
export function percent(probability: number): string {
  return (100 * probability).toFixed(2);
}

/** Asks for the step at `low` (0-based) and all behind it to be written anew; a path without steps is asked for again. */
export function revisePrompt(
  input: readonly Message[],
  { steps, tail }: StepPath,
  low: number,
  score: number,
): Message[] {
  const asked = stepPrompt(input);
  if (steps.length === 0) return asked;
  const kept = low === 0 ? 'Start over' : low === 1 ? 'Keep step 1 as it is' : `Keep steps 1 to ${low} as they are`;
  const text = `A solution was written:
${renderTags(steps)}${tail === '' ? '' : `\n${tail}`}

A reviewer finds that step ${low + 1} is where it goes wrong: with it, the chance of reaching the right answer is put at ${percent(score)} %. ${kept} and write the solution again from step ${low + 1} on, with the mistake mended. Begin your reply with <Step ${low + 1}>, do not write earlier steps, and end with the final answer in answer tags.`;
  return withInstruction(asked, text);
}

/** Asks what a finished solution gives as its answer. */
export function extractPrompt(question: string, path: string): Message[] {
  const content = `Question:\n${question}\n\nA solution:\n${path}\n\nWhat final answer does this solution give? Do not solve the question again. Reply with that answer alone in \\boxed{}: digits rather than words, without a unit.`;
  return [{ role: 'user', content }];
}
