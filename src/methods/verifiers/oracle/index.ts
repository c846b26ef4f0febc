import { z } from 'zod';
import { isGold, answerOf } from '../same-answer.ts';
import type { StepVerifier } from '../step-verifier.ts';

/** Paths whose first wrong step people have marked, as EIC and PRM800K have them: `firstWrongStep` counts from 0. */
const labelled = z.object({ steps: z.array(z.string()), firstWrongStep: z.number().int().min(0).nullable() });

/**
 * Knows the right answer: an upper bound for what any verifier can do, never a method of its own.
 * Steps of a path with the right answer score 1. In a path with a wrong one the last step scores 0, for the error is
 * corrected at the latest there. Where `metadata.steps` is the very path that is scored and `metadata.firstWrongStep`
 * says where it goes wrong (null for nowhere), steps score 1 before that one and 0 from it on.
 */
export function createOracleVerifier(): StepVerifier {
  return {
    name: 'oracle',
    options: { verify: 'oracle' },
    async score(sample, steps, context, { from = 0 } = {}) {
      const known = labelled.safeParse(sample.metadata);
      const isLabelledPath =
        known.success &&
        known.data.steps.length === steps.length &&
        known.data.steps.every((step, i) => step.trim() === steps[i]?.trim());
      const scoreOf = isLabelledPath
        ? (i: number) => (known.data.firstWrongStep === null || i < known.data.firstWrongStep ? 1 : 0)
        : isGold(answerOf(steps.join('\n'), context), sample, context)
          ? () => 1
          : (i: number) => (i < steps.length - 1 ? 1 : 0);
      return steps.map((_, i) => scoreOf(i)).slice(from);
    },
  };
}
