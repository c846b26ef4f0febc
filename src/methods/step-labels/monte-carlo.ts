import type { JsonObject, MethodContext, Sample } from '../../core/index.ts';
import { continuePrompt, finalAnswer, parseSteps, questionText, stepPrompt } from '../steps/index.ts';
import { reachedAnswer } from './right-answer.ts';
import { reasoningPath } from './step-tree.ts';

export interface MonteCarloOptions {
  /** Solutions whose steps are labelled. */
  readonly paths: number;
  /** Completions of each beginning. */
  readonly rollouts: number;
  readonly depth: number;
  readonly temperature: number;
  readonly topP: number;
}

/** One beginning of a solution with what its completions came to. */
export interface MonteCarloLabel extends JsonObject {
  readonly node: string;
  readonly depth: number;
  readonly reasoning_path: string;
  /** The soft label: share of completions with the right answer. */
  readonly accuracy: number;
  readonly soft: number;
  /** 1 where any completion came to the right answer, else 0. */
  readonly hard: number;
  readonly rollouts: number;
  readonly right: number;
}

/**
 * Labels the steps of whole solutions by what comes of completing each beginning several times (Math-Shepherd, Wang et
 * al., arXiv 2312.08935, section 3.3): hard, whether any completion is right, and soft, the share that is. A beginning
 * that marks its answer is judged by that.
 */
export async function monteCarloLabels(
  sample: Sample,
  context: MethodContext,
  options: MonteCarloOptions,
  isRight: (answer: string) => boolean,
): Promise<{ readonly labels: readonly MonteCarloLabel[]; readonly answers: readonly (string | null)[] }> {
  const { settings, models } = context;
  const question = questionText(sample);
  const { temperature, topP } = options;
  const base = (settings.seed ?? 0) * 1_000_003;
  const solutions = await Promise.all(
    Array.from({ length: options.paths }, (_, path) =>
      models.main.generate({ ...settings, temperature, topP, seed: base + path, messages: stepPrompt(sample.input) }),
    ),
  );
  const paths = solutions.map(({ text }) => parseSteps(text).steps.slice(0, options.depth));
  let next = base + options.paths;
  const waiting: Promise<MonteCarloLabel>[] = [];
  for (const [path, steps] of paths.entries()) {
    for (let count = 1; count <= steps.length; count++) {
      const seed = next;
      next += options.rollouts;
      const label = { node: `P${path + 1}S${count}`, depth: count };
      waiting.push(
        completed(sample, steps.slice(0, count), context, options, seed).then((answers) => {
          const right = answers.filter((answer) => answer !== null && isRight(answer)).length;
          const soft = right / answers.length;
          return {
            ...label,
            reasoning_path: reasoningPath(question, steps.slice(0, count)),
            accuracy: soft,
            soft,
            hard: right > 0 ? 1 : 0,
            rollouts: answers.length,
            right,
          };
        }),
      );
    }
  }
  return {
    labels: await Promise.all(waiting),
    answers: solutions.map(({ text }) => reachedAnswer(text, sample)),
  };
}

async function completed(
  sample: Sample,
  steps: readonly string[],
  { settings, models }: MethodContext,
  { rollouts, temperature, topP }: MonteCarloOptions,
  seed: number,
): Promise<readonly (string | null)[]> {
  const marked = finalAnswer(steps.join('\n'));
  if (marked !== null) return [marked];
  const messages = continuePrompt(sample.input, steps);
  const replies = await Promise.all(
    Array.from({ length: rollouts }, (_, i) =>
      models.main.generate({ ...settings, temperature, topP, seed: seed + i, messages }),
    ),
  );
  return replies.map(({ text }) => reachedAnswer(text, sample));
}
