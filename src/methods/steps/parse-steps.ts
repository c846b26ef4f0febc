import { finalAnswer } from './final-answer.ts';
import { readSteps, type NumberedStep } from './read-steps.ts';
import { maxSteps, type StepPath } from './step-path.ts';

/**
 * Cuts a reply into steps: by tags `<Step n>…</Step n>`, else lines "Step n:", else a numbered list, else paragraphs.
 * A preamble is no step, blank steps are left out, steps beyond `maxSteps` are taken into the last one. Any text is
 * read in linear time; an empty one has no steps.
 */
export function parseSteps(text: string): StepPath {
  const { preamble, steps, tail } = readSteps(text);
  return {
    steps: stepTexts(steps),
    preamble: preamble.trim(),
    tail: tail.trim(),
    answer: finalAnswer(text),
  };
}

/** Trimmed texts of steps that are not blank, at most `maxSteps`. */
export function stepTexts(steps: readonly NumberedStep[]): string[] {
  const texts = steps.map(({ text }) => text.trim()).filter((text) => text !== '');
  if (texts.length <= maxSteps) return texts;
  return [...texts.slice(0, maxSteps - 1), texts.slice(maxSteps - 1).join('\n')];
}

/** The same with other steps or another tail; the answer is read anew. */
export function stepPath(path: Omit<StepPath, 'answer'>): StepPath {
  const { steps, preamble, tail } = path;
  return { steps, preamble, tail, answer: finalAnswer([preamble, ...steps, tail].join('\n')) };
}

/**
 * What a verifier reads: the steps, the last together with the tail, since an answer that is named behind the steps
 * has to be judged with them.
 */
export function stepsToVerify({ steps, tail }: StepPath): readonly string[] {
  if (tail === '') return steps;
  return steps.length === 0 ? [tail] : [...steps.slice(0, -1), `${steps.at(-1) ?? ''}\n${tail}`];
}
