import type { Message } from '../../core/index.ts';
import { type AnswerKind, choiceTexts } from '../../metrics/math/index.ts';
import { goldText, type Problem } from './data/problem.ts';
import type { PromptName } from './options.ts';
import type { ProblemSet } from './sets.ts';

/** A solved problem that is shown before the question. */
export interface Example {
  readonly question: string;
  readonly options?: readonly string[];
  readonly solution: string;
  /** A number, LaTeX or a letter. */
  readonly answer: string;
}

export const letterOf = (index: number): string => String.fromCharCode(65 + index);

/** The question with its options, if it has any, one a line. */
export function questionOf({ question, options }: Pick<Problem, 'question' | 'options'>): string {
  if (options === undefined) return question;
  return [question, ...choiceTexts(options).map((text, i) => `(${letterOf(i)}) ${text}`)].join('\n');
}

/** What answers look like, by set: ASDiv also asks for words, ratios, times and several values. */
function answerForm(set: ProblemSet): { boxed: string; alone: string } {
  if (set.kind === 'choice') {
    return {
      boxed: 'Give the letter of the right option in \\boxed{}.',
      alone: 'Reply with the letter of the right option and nothing else.',
    };
  }
  if (set.kind === 'latex') {
    return {
      boxed: 'Give the final answer in LaTeX, in its simplest form, in \\boxed{}.',
      alone: 'Reply with the final answer in LaTeX, in its simplest form, in \\boxed{}, and nothing else.',
    };
  }
  if (set.name === 'asdiv') {
    return {
      boxed:
        'Give the final answer in \\boxed{}: a number without its unit, a ratio, a time or a name, as the question asks; several values in the order in which they are asked for, separated by semicolons.',
      alone:
        'Reply with the final answer and nothing else: a number without its unit, a ratio, a time or a name, as the question asks; several values separated by semicolons.',
    };
  }
  return {
    boxed: 'The answer is one number. Give it in digits and without its unit in \\boxed{}.',
    alone: 'The answer is one number. Reply with it in digits, without its unit, and nothing else.',
  };
}

function instruction(set: ProblemSet, prompt: PromptName): string {
  const { boxed, alone } = answerForm(set);
  if (prompt === 'plain') return '';
  if (prompt === 'direct') return alone;
  return prompt === 'cot' ? `Reason step by step. ${boxed}` : boxed;
}

function asked(text: string, set: ProblemSet, prompt: PromptName): Message {
  const words = instruction(set, prompt);
  return { role: 'user', content: words === '' ? text : `${text}\n\n${words}` };
}

/** Worked examples as turns before the question, each answered in the form that is asked for. */
export function promptOf(
  problem: Problem,
  set: ProblemSet,
  prompt: PromptName,
  examples: readonly Example[],
): readonly Message[] {
  return [
    ...examples.flatMap((example): Message[] => [
      asked(questionOf(example), set, prompt),
      { role: 'assistant', content: prompt === 'direct' ? shortAnswer(example, set.kind) : workedAnswer(example) },
    ]),
    asked(questionOf(problem), set, prompt),
  ];
}

const shortAnswer = ({ answer }: Example, kind: AnswerKind): string =>
  kind === 'latex' ? `\\boxed{${answer}}` : answer;

function workedAnswer({ solution, answer }: Example): string {
  // Solutions of MATH mark their answer within.
  return solution.includes('\\boxed') ? solution : `${solution}\nThe answer is \\boxed{${answer}}.`;
}

/** The first solved problems that are not the question itself. Those without a solution cannot be shown. */
export function examplesFrom(problems: readonly Problem[], count: number): Example[] {
  const found: Example[] = [];
  for (const { question, options, solution, ...rest } of problems) {
    if (found.length === count) break;
    if (solution === undefined || solution.trim() === '') continue;
    found.push({
      question,
      solution: solution.trim(),
      answer: goldText(rest),
      ...(options !== undefined && { options }),
    });
  }
  return found;
}
