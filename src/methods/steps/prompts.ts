import { type ContentPart, type Message, messageText, type Sample } from '../../core/index.ts';
import { renderTags } from './render-steps.ts';

/** What replies are asked to look like. */
const form = `Work through it in small steps. Put each step between tags that carry its number, and the final answer alone between answer tags at the end:
<Step 1> Three boxes hold 4 pens each: 3 * 4 = 12 pens. </Step 1>
<Step 2> Two pens are lost: 12 - 2 = 10 pens. </Step 2>
<ans>10</ans>
(The pens only show the form.)`;

/** The question in words: `metadata.question` where the data says it apart from its prompt, else the last user message. */
export function questionText(sample: Pick<Sample, 'input' | 'metadata'>): string {
  const given = sample.metadata?.['question'];
  if (typeof given === 'string' && given.trim() !== '') return given;
  const last = sample.input.findLast(({ role }) => role === 'user') ?? sample.input.at(-1);
  return last === undefined ? '' : messageText(last);
}

/** The conversation with words behind its last message, images kept; a last message of another role stays as it is. */
export function withInstruction(input: readonly Message[], text: string): Message[] {
  const last = input.at(-1);
  if (last === undefined || last.role !== 'user') return [...input, { role: 'user', content: text }];
  const content: Message['content'] =
    typeof last.content === 'string'
      ? `${last.content}\n\n${text}`
      : [...last.content, { type: 'text', text: `\n\n${text}` } satisfies ContentPart];
  return [...input.slice(0, -1), { role: 'user', content }];
}

/** Asks for the solution in tagged steps with the final answer in `<ans>`. */
export function stepPrompt(input: readonly Message[]): Message[] {
  return withInstruction(input, form);
}

/** Asks for the rest of a solution that has begun: the steps behind `steps`, which stand as they are. */
export function continuePrompt(input: readonly Message[], steps: readonly string[]): Message[] {
  if (steps.length === 0) return stepPrompt(input);
  const next = steps.length + 1;
  return withInstruction(
    input,
    `${form}\n\nThe solution has begun:\n${renderTags(steps)}\n\nGo on from here. Do not repeat these steps: write <Step ${next}> and what follows it up to the final answer in answer tags. If nothing is left to do, write the answer tags alone.`,
  );
}
