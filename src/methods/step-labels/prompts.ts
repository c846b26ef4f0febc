import type { Message } from '../../core/index.ts';
import { renderTags } from '../steps/index.ts';

/** How a next step is asked for: with careful examples, without any, or with an example that goes wrong. */
export type Style = 'careful' | 'plain' | 'wrong';

const careful = `Two solutions in small steps:

Problem: A gardener plants 4 rows of 6 tulips and 3 rows of 5 roses. How many flowers is that?
<Step 1> The tulips are 4 * 6 = 24. </Step 1>
<Step 2> The roses are 3 * 5 = 15. </Step 2>
<Step 3> Together that is 24 + 15 = 39 flowers. </Step 3>
<ans>39</ans>

Problem: A train ticket costs 18 dollars and children pay half. What do 2 adults and 3 children pay?
<Step 1> A child pays 18 / 2 = 9 dollars. </Step 1>
<Step 2> The adults pay 2 * 18 = 36 dollars. </Step 2>
<Step 3> The children pay 3 * 9 = 27 dollars, so all pay 36 + 27 = 63 dollars. </Step 3>
<ans>63</ans>`;

const wrong = `A solution in small steps that goes wrong in its second step, where a value is taken twice:

Problem: A gardener plants 4 rows of 6 tulips and 3 rows of 5 roses. How many flowers is that?
<Step 1> The tulips are 4 * 6 = 24. </Step 1>
<Step 2> The roses are 3 * 6 = 18. </Step 2>
<Step 3> Together that is 24 + 18 = 42 flowers. </Step 3>
<ans>42</ans>`;

/**
 * Asks for one next step.
 * @param mistaken asks for a step with a mistake that somebody could really make
 */
export function nextStepPrompt(
  question: string,
  steps: readonly string[],
  { style, mistaken }: { readonly style: Style; readonly mistaken: boolean },
): Message[] {
  const next = steps.length + 1;
  const begun = steps.length === 0 ? 'No step is written yet.' : `The solution has begun:\n${renderTags(steps)}`;
  const asked = mistaken
    ? `Write the next step with one mistake in it that a pupil could really make: a wrong operation, a wrong value, a slip in the calculation. Do not say that it is wrong.`
    : 'Think about what has to come next and write the next step.';
  const parts = [
    ...(style === 'plain' ? [] : [style === 'careful' ? careful : wrong]),
    `Problem: ${question}`,
    begun,
    `${asked} Write one small step alone, as <Step ${next}> ... </Step ${next}>. Only where it reaches the final answer, put the answer behind it as <ans> ... </ans>.`,
  ];
  return [{ role: 'user', content: parts.join('\n\n') }];
}
