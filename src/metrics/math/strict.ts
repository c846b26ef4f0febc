import { plainWords } from './answer-form.ts';
import type { MathGrade } from './grade.ts';
import { readAnswer } from './read-answer.ts';
import { sameAnswer } from './same-answer.ts';
import { withinSymbolicBudget } from './symbolic.ts';
import { tidyLatex } from './tidy-latex.ts';

/** What the answers of a set are. */
export type AnswerKind = 'number' | 'latex' | 'choice';

export interface StrictOptions {
  /**
   * `latex` (default): mathematics, where integers must be written out and fractions reduced, as in the grader of
   * PRM800K. `number`: word problems, where any word after a number is taken for what was counted. `choice`: a letter, or
   * the words or value of an option.
   */
  readonly kind?: AnswerKind;
  /** The options of a multiple choice in order, with or without their letters (`A)21`). Needed for `choice`. */
  readonly choices?: readonly string[];
  /** Whether answers in a row without brackets must keep the order of the gold answer. Default `ordered`. */
  readonly lists?: 'ordered' | 'any-order';
}

const label = /^\s*\(?([A-Z])\s*[).:]\s*/;

/** Options without their letters. */
export function choiceTexts(choices: readonly string[]): string[] {
  return choices.map((choice, i) => {
    const match = label.exec(choice);
    return match !== null && match[1] === String.fromCharCode(65 + i)
      ? choice.slice(match[0].length).trim()
      : choice.trim();
  });
}

const letter = (index: number): string => String.fromCharCode(65 + index);

/** Which options an answer names: by its letter, else by words, else by value. Several where options say the same. */
export function chosenOptions(
  answer: string,
  choices: readonly string[],
): { readonly indices: number[]; readonly by: string } {
  const texts = choiceTexts(choices);
  const tidied = tidyLatex(answer)
    .replace(/\\(?:text|mbox|mathrm|textbf|boxed)\s*\{([^{}]*)\}/g, '$1')
    .replace(/^\**|\**$/g, '')
    .trim();
  const words = plainWords(tidied);
  const same = texts.flatMap((text, i) => (words !== '' && plainWords(tidyLatex(text)) === words ? [i] : []));
  const lone = /^(?:option|choice|answer)?\s*\(?\s*([A-Za-z])\s*[).:]*$/i.exec(tidied);
  const led = /^\(?([A-Z])\s*[).:]\s*\S/.exec(tidied);
  const index = ((lone ?? led)?.[1] ?? '').toUpperCase().charCodeAt(0) - 65;
  if (index >= 0 && index < choices.length && (lone !== null || led !== null))
    return { indices: [index], by: 'letter' };
  if (same.length > 0) return { indices: same, by: 'words' };
  const read = readAnswer(tidied, 'any');
  if (read.kind === 'text') return { indices: [], by: 'nothing' };
  const compare = { finished: false, lists: 'ordered' } as const;
  const equal = texts.flatMap((text, i) => (sameAnswer(read, readAnswer(text, 'any'), compare).same ? [i] : []));
  return { indices: equal, by: 'value' };
}

function gradeChoice(answer: string, gold: string, choices: readonly string[]): MathGrade {
  if (choices.length === 0) throw new RangeError('gradeStrict: kind "choice" needs the choices');
  const chosen = chosenOptions(answer, choices);
  const expected = chosenOptions(gold, choices);
  if (expected.indices.length === 0)
    throw new RangeError(`gradeStrict: the gold answer "${gold}" is none of the choices`);
  const goldLetters = expected.indices.map(letter).join(', ');
  if (chosen.indices.length === 0) {
    return {
      right: false,
      parsed: false,
      how: 'choice',
      explanation: `the answer is none of the ${choices.length} options`,
    };
  }
  const right = chosen.indices.some((index) => expected.indices.includes(index));
  const explanation = `option ${chosen.indices.map(letter).join(', ')} by its ${chosen.by}; ${goldLetters} is expected`;
  return { right, parsed: true, how: 'choice', explanation };
}

/**
 * Grades an answer that was extracted from a reply against the gold answer, by what they mean: numbers exactly, whatever
 * way they are written; formulas by symbolic equality; sets, intervals, tuples, lists and matrices part by part; units
 * where both sides name one; words without case. Nothing is evaluated as code, and no expression takes longer than about
 * half a second. "%" is a unit: 50 % is 50, never 0.5.
 * @throws RangeError for `choice` without choices, or where the gold answer is none of them.
 */
export function gradeStrict(answer: string, gold: string, options: StrictOptions = {}): MathGrade {
  const { kind = 'latex', choices = [], lists = 'ordered' } = options;
  if (kind === 'choice') return withinSymbolicBudget(() => gradeChoice(answer, gold, choices));
  const [given, expected] = [answer.trim(), gold.trim()];
  if (given === '') return { right: false, parsed: false, how: 'none', explanation: 'there is no answer' };
  if (given === expected) return { right: true, parsed: true, how: 'string', explanation: 'the texts are the same' };
  const words = kind === 'number' ? 'any' : 'units';
  const [a, b] = [readAnswer(given, words), readAnswer(expected, words)];
  const parsed = a.kind !== 'text' || b.kind === 'text';
  const compare = { finished: kind === 'latex', lists };
  const { same, how, reason } = withinSymbolicBudget(() => sameAnswer(a, b, compare));
  if (!same && !parsed) {
    return {
      right: false,
      parsed,
      how: 'none',
      explanation: `the answer could not be read, and a ${b.kind} is expected`,
    };
  }
  return { right: same, parsed: true, how, explanation: reason };
}
