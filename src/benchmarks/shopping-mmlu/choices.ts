import { choiceNumbers, numberedOptions } from './data/numbered-options.ts';
import type { Question } from './data/question.ts';
import { isRating } from './data/read-questions.ts';

/** The options of a choice question, as a reply names them. */
export interface Choices {
  /** Their numbers, in order. */
  readonly numbers: readonly number[];
  /** Their texts, where they have any. */
  readonly texts?: readonly string[];
  /** Named (A), (B), ... in the prompt. Ratings never are. */
  readonly letters: boolean;
}

/** "A" for 0. */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

/**
 * The options of a choice question; undefined where the prompt does not tell them.
 * Skill files have the options in the prompt's text: its numbered lines, or a scale from 1 to 5.
 */
export function choicesOf(question: Question, letters: boolean): Choices | undefined {
  const { options, input, task, layout } = question;
  if (options !== undefined) return { numbers: options.map((_, i) => i), texts: options, letters };
  if (layout === 'task' && isRating(task)) return { numbers: [1, 2, 3, 4, 5], letters: false };
  const found = choiceNumbers(input);
  return found && { ...found, letters: letters && found.texts !== undefined && found.texts.length <= 26 };
}

/** What a reply should consist of, in the order of the numbers. */
export function choiceLabels(choices: Choices): readonly string[] {
  return choices.letters ? choices.numbers.map((_, i) => letterOf(i)) : choices.numbers.map(String);
}

/** First lines of the candidates that a retrieval or ranking question lists; undefined where its prompt lists none. */
export function candidateTexts(prompt: string): readonly string[] | undefined {
  return numberedOptions(prompt, 1)?.texts;
}
