import type { ContentPart, Message } from '../../core/index.ts';

/** What is asked of the model besides the question, by the name of the wording. All are zero-shot. */
export const cues = {
  steps: 'Reason step by step before you answer, and finish with the answer in the form that is asked for.',
  plan: 'Say first in a sentence or two how you will go about it. Then carry that out step by step, and finish with the answer in the form that is asked for.',
  check:
    'Reason step by step and check each step before you go on to the next. Finish with the answer in the form that is asked for.',
} as const;

export const cueNames = ['steps', 'plan', 'check'] as const;
export type CueName = (typeof cueNames)[number];

/** Where the cue stands: behind the question, or in the system message. */
export const cuePlaces = ['user', 'system'] as const;
export type CuePlace = (typeof cuePlaces)[number];

/**
 * The messages with a cue: behind the last user message, pictures and all, or in a system message, which is made where
 * there is none. Messages without any of the user get a message of their own.
 */
export function withCue(input: readonly Message[], cue: CueName, place: CuePlace = 'user'): readonly Message[] {
  const text = cues[cue];
  const role = place;
  const at =
    role === 'user'
      ? input.findLastIndex((message) => message.role === 'user')
      : input.findIndex((message) => message.role === 'system');
  const found = input[at];
  if (found === undefined) {
    const message: Message = { role, content: text };
    return role === 'system' ? [message, ...input] : [...input, message];
  }
  return input.with(at, { role, content: appended(found.content, text) });
}

function appended(content: Message['content'], text: string): Message['content'] {
  if (typeof content === 'string') return content === '' ? text : `${content}\n\n${text}`;
  const part: ContentPart = { type: 'text', text: `\n\n${text}` };
  return [...content, part];
}
