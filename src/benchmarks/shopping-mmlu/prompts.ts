import type { Message } from '../../core/index.ts';
import { type Choices, letterOf } from './choices.ts';
import { numberedOptions } from './data/numbered-options.ts';
import type { Question } from './data/question.ts';
import type { PromptOptions } from './options.ts';

const preamble = 'You help customers of an online shop. Read the task below and answer it exactly as it asks.';

const abbreviations: Readonly<Record<string, string>> = { pt: 'product type' };

/** `pt_name_explain` becomes "product type name explain". */
function taskTitle(name: string): string {
  return name
    .split('_')
    .map((part) => abbreviations[part] ?? part)
    .join(' ');
}

function formOf({ type }: Question, choices: Choices | undefined): string {
  switch (type) {
    case 'multiple-choice': {
      const numbers = choices?.numbers;
      if (choices?.letters === true) return 'Reply with the letter of the right option and nothing else.';
      if (choices?.texts === undefined && numbers !== undefined) {
        return `Reply with one number from ${numbers[0]} to ${numbers.at(-1)} and nothing else.`;
      }
      return 'Reply with the number of the right option and nothing else.';
    }
    case 'retrieval':
      return 'Reply with the numbers of your choices, three at most, separated by commas, and nothing else.';
    case 'ranking':
      return 'Reply with the numbers of all candidates, the best first, separated by commas, and nothing else.';
    case 'named_entity_recognition':
      return 'Reply with the phrases exactly as they are written in the query, separated by commas, and nothing else.';
    case 'generation':
      return 'Reply with the requested text alone, without remarks.';
  }
}

/** The question as the data has it, with its options where they lie apart, or renamed to letters. */
function body(question: Question, choices: Choices | undefined): string {
  if (question.type !== 'multiple-choice') return question.input;
  if (question.layout === 'task') {
    const options = (choices?.texts ?? []).map(
      (text, i) => `\n${choices?.letters === true ? `(${letterOf(i)})` : `${choices?.numbers[i]}.`} ${text}`,
    );
    return `${question.input}${options.join('')}\nAnswer: `;
  }
  if (choices?.letters !== true) return question.input;
  const listed = numberedOptions(question.input, choices.numbers[0] ?? 0);
  const lines = question.input.split(/\r?\n/);
  for (const [i, at] of (listed?.lines ?? []).entries()) lines[at] = `(${letterOf(i)}) ${choices.texts?.[i] ?? ''}`;
  return lines.join('\n');
}

/**
 * The zero-shot prompt in the reference's structure: two sentences on who answers and how, then (unless `bare`) one on
 * the form of the answer, an empty line, and the question.
 */
export function promptOf(question: Question, choices: Choices | undefined, options: PromptOptions): readonly Message[] {
  const opening = options.namesTask
    ? `You help customers of an online shop with the task "${taskTitle(question.task)}". Answer it exactly as it asks.`
    : preamble;
  const form = options.bare ? '' : ` ${formOf(question, choices)}`;
  return [{ role: 'user', content: `${opening}${form}\n\n${body(question, choices)}` }];
}
