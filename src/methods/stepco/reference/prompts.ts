import type { Message } from '../../../core/index.ts';

/** The released code sends each prompt as one system message and no user message; so do these. The words are ours. */
const alone = (content: string): Message[] => [{ role: 'system', content }];

export function solvePrompt(question: string): Message[] {
  return alone(`You teach mathematics. Solve the question in small steps. Put every step between an opening tag with its number and a closing tag, and the final answer into ans tags behind the last step, as in this example:
<Step 1> One lap is 400 metres, so 3 laps are 3*400=1200 metres. </Step 1>
<Step 2> 1200 metres at 4 metres a second take 1200/4=300 seconds. </Step 2>
The answer is <ans>300</ans>.

Q: ${question}
A: Work it out one step after the other.`);
}

export function extractPrompt(question: string, path: string): Message[] {
  return alone(`Here are a question and a solution of it.
Q: ${question}
A: ${path}
Give only the final answer of this solution, as an Arabic numeral without a unit, in \\boxed{}.`);
}

/** `step` counts from 1; `percentage` has two decimals. */
export function revisePrompt(question: string, path: string, step: number, percentage: string): Message[] {
  return alone(`You are a student. Your teacher has read your solution and returns it to you.
Q: ${question}
Your solution:
${path}
The teacher's remark: step ${step} is the first that looks wrong; going on from it, the answer comes out right with a probability of ${percentage}%.
Write the solution again. Leave the steps before step ${step} as they are, and rewrite step ${step} and all that follow. Use the same tags, and put the final answer into ans tags.
<Step 1>`);
}
