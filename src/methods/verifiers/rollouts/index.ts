import type { MethodContext, Sample } from '../../../core/index.ts';
import { continuePrompt, finalAnswer } from '../../steps/index.ts';
import type { VerifierOptions } from '../options.ts';
import { prefixCache } from '../prefix-cache.ts';
import { answerOf, isGold, sameAnswer } from '../same-answer.ts';
import type { StepVerifier } from '../step-verifier.ts';
import { verifyingModel } from '../verifying-model.ts';

type Settings = Pick<VerifierOptions, 'rollouts' | 'rolloutTemperature' | 'labels'>;

/**
 * Monte-Carlo estimate: from each prefix the solution is completed several times, and the score is the share of
 * completions that reach an answer (Wang et al., arXiv 2312.08935, the soft label). Without gold that is the answer
 * of the path itself: a step from which the same answer is seldom reached is doubtful. With `labels=gold` it is the
 * right answer, for analysis and upper bounds only.
 *
 * A prefix that marks its answer is not completed: its share is 1 or 0. A path without an answer agrees with nothing.
 * Makes `rollouts` calls a prefix, those of all prefixes together, with seeds of their own.
 */
export function createRolloutVerifier({ rollouts, rolloutTemperature, labels }: Settings): StepVerifier {
  const complete = async (
    steps: readonly string[],
    sample: Sample,
    context: MethodContext,
  ): Promise<readonly (string | null)[]> => {
    const text = steps.join('\n');
    if (finalAnswer(text) !== null) return [answerOf(text, context)];
    const { settings } = context;
    const messages = continuePrompt(sample.input, steps);
    const model = verifyingModel(context);
    const replies = await Promise.all(
      Array.from({ length: rollouts }, (_, path) => {
        // Seeds of one sample's completions must not meet those of its next epoch.
        const seed = (settings.seed ?? 0) * 1_000_003 + path;
        return model.generate({ ...settings, temperature: rolloutTemperature, seed, messages });
      }),
    );
    return replies.map((reply) => answerOf(reply.text, context));
  };
  const answers = prefixCache((prefixes, sample, context) => prefixes.map((steps) => complete(steps, sample, context)));
  return {
    name: 'rollouts',
    options: { verify: 'rollouts', rollouts, rolloutTemperature, labels },
    async score(sample, steps, context, options) {
      const own = answerOf(steps.join('\n'), context);
      const reaches = (answer: string | null): boolean =>
        labels === 'gold'
          ? isGold(answer, sample, context)
          : own !== null && answer !== null && sameAnswer(answer, own);
      return (await answers(sample, steps, context, options)).map(
        (found) => found.filter(reaches).length / found.length,
      );
    },
  };
}
