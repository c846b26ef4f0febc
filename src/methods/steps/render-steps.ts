import type { StepPath } from './step-path.ts';

/** Steps in numbered tags, one a line; `first` is the number of the first. */
export function renderTags(steps: readonly string[], first = 1): string {
  return steps.map((step, i) => `<Step ${first + i}> ${step} </Step ${first + i}>`).join('\n');
}

/** A path as text that `parseSteps` reads back to the same steps, preamble and tail. */
export function renderSteps({ preamble, steps, tail }: StepPath): string {
  return [preamble, renderTags(steps), tail].filter((part) => part !== '').join('\n');
}
