import { finalAnswer, renderSteps, type StepPath } from '../steps/index.ts';
import type { StepcoOptions } from './options.ts';

/**
 * What scorers and readers get of a path: the path with its answer, or the answer alone. `auto` gives the path where
 * the scorer reads the same from it as from the answer alone; scorers that compare whole replies get the answer.
 */
export function replyText(
  path: StepPath,
  answer: string | null,
  form: StepcoOptions['reply'],
  extract: (text: string) => string | null,
): string {
  const whole = renderSteps(path);
  if (answer === null) return form === 'answer' ? '' : whole;
  if (form === 'answer') return answer;
  // Readers and scorers of last words find it at the end, not a closing tag behind it.
  const full = finalAnswer(path.tail) === answer ? whole : `${whole}\n<ans>${answer}</ans>`;
  if (form === 'path') return full;
  return extract(full) === (extract(answer) ?? answer) ? full : answer;
}
