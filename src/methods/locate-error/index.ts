import { z } from 'zod';
import { defineMethod, FettleError, type JsonValue, type Method, type Sample } from '../../core/index.ts';
import { questionText } from '../steps/index.ts';
import { createVerifier, firstLow, verifierOptions } from '../verifiers/index.ts';

const options = z.object({
  ...verifierOptions.shape,
  theta: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('the first step whose probability is below it is said to be wrong'),
});

function stepsOf({ id, metadata }: Sample): string[] {
  const steps = metadata?.['steps'];
  if (Array.isArray(steps) && steps.length > 0 && steps.every((step: JsonValue) => typeof step === 'string')) {
    return steps.map(String);
  }
  throw new FettleError('The sample has no solution in steps to judge.', {
    code: 'no-steps',
    where: `sample ${id}`,
    hint: 'The method locate-error is for benchmarks of given solutions: eic, processbench, or own data with metadata.steps.',
  });
}

/**
 * A verifier of steps as it is measured alone: every step of a given solution is scored, and the first below `theta` is
 * said to be the first wrong one (Zheng et al., arXiv 2412.06559, section 5). Reads `metadata.steps`; ends with the line
 * "First wrong step: N", or "none". The scores are in the answer's metadata, so that other thresholds can be read off.
 */
export const locateError = defineMethod({
  name: 'locate-error',
  description: 'Score the steps of a given solution with a verifier and name the first low one.',
  options,
  create({ theta, ...given }: z.output<typeof options>): Method {
    const verifier = createVerifier(given);
    return {
      name: 'locate-error',
      options: { ...verifier.options, theta },
      async solve(sample, context) {
        const steps = stepsOf(sample);
        // Verifiers show the problem to a model, not what is asked about its solution.
        const problem: Sample = { ...sample, input: [{ role: 'user', content: questionText(sample) }] };
        const scores = await verifier.score(problem, steps, context);
        const low = firstLow(scores, theta);
        context.trace({ type: 'step-scores', steps, scores: [...scores], low: low === null ? null : low + 1 });
        return {
          text: `First wrong step: ${low === null ? 'none' : low + 1}`,
          metadata: { scores: [...scores], theta },
        };
      },
    };
  },
});
