import type { Message } from '../../core/index.ts';
import type { StepCase } from './data/step-case.ts';

/** Find the first wrong step, or find it and put the answer right. */
export const asks = ['locate', 'correct'] as const;
export type Ask = (typeof asks)[number];

const instructions: { readonly [ask in Ask]: string } = {
  locate:
    'Check the steps in order. A step is wrong where it calculates wrongly, uses a value or formula that the problem does not give, or leaves out what is needed. End with one line, either\nFirst wrong step: N\nwith the number of the first step that is wrong, or\nFirst wrong step: none\nwhere every step is right.',
  correct:
    'Check the steps in order and, where one is wrong, solve the problem rightly. End with two lines:\nFirst wrong step: N (or none)\nCorrected answer: the right answer as a number alone (or none where the solution is right)',
};

/** The problem and its solution in numbered steps, and what is asked about it. */
export function promptOf({ question, steps }: StepCase, ask: Ask): readonly Message[] {
  const solution = steps.map((step, i) => `Step ${i + 1}: ${step}`).join('\n');
  const content = `Problem:\n${question}\n\nA solution in steps:\n${solution}\n\n${instructions[ask]}`;
  return [{ role: 'user', content }];
}
