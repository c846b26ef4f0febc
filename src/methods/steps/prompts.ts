import { type ContentPart, type Message, messageText, type Sample } from '../../core/index.ts';
import { renderTags } from './render-steps.ts';

/**
 * What replies are asked to look like. It stands before the question, with a question of its own: small models take an
 * example behind the question for a part of it.
 */
const form = `Answer in small steps. Put each step between tags that carry its number, and the final answer alone between answer tags at the end. For the question "Three boxes hold 4 pens each, and 2 pens get lost. How many are left?" that is:
<Step 1> 3 boxes with 4 pens each hold 3 * 4 = 12 pens. </Step 1>
<Step 2> Without the 2 lost ones 12 - 2 = 10 pens are left. </Step 2>
<ans>10</ans>

Now answer this in the same form:

`;

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
  const at = input.findLastIndex(({ role }) => role === 'user');
  const asked = input[at];
  if (asked === undefined) return [...input, { role: 'user', content: form.trim() }];
  const content: Message['content'] =
    typeof asked.content === 'string'
      ? form + asked.content
      : [{ type: 'text', text: form } satisfies ContentPart, ...asked.content];
  return input.with(at, { role: 'user', content });
}

/** Asks for the rest of a solution that has begun: the steps behind `steps`, which stand as they are. */
export function continuePrompt(input: readonly Message[], steps: readonly string[]): Message[] {
  const asked = stepPrompt(input);
  if (steps.length === 0) return asked;
  const next = steps.length + 1;
  return withInstruction(
    asked,
    `The solution has begun:\n${renderTags(steps)}\n\nGo on from here. Do not repeat these steps: write <Step ${next}> and what follows it up to the final answer in answer tags. If nothing is left to do, write the answer tags alone.`,
  );
}
