import { errorMessage, FettleError } from './errors.ts';
import type { Answer } from './method.ts';
import type { Sample } from './sample.ts';
import type { Score, Scorer, ScorerContext } from './scorer.ts';

/** All scorers' verdicts on one answer. A value that is not a finite number is a fault of the scorer, not a score. */
export async function scoreSample(
  scorers: readonly Scorer[],
  answer: Answer,
  sample: Sample,
  context: ScorerContext,
): Promise<Record<string, Score>> {
  const scores: Record<string, Score> = {};
  for (const scorer of scorers) {
    const verdict = scorer.score(answer, sample, context);
    const score = verdict instanceof Promise ? await verdict : verdict;
    if (score.value !== null && !Number.isFinite(score.value)) {
      throw new FettleError(`The scorer "${scorer.name}" gave ${String(score.value)}, which is no score.`, {
        code: 'scorer-broken',
        where: `sample ${sample.id}`,
        hint: 'A scorer gives a finite number, or value null with a reason.',
      });
    }
    scores[scorer.name] = score;
  }
  return scores;
}

/** How an error is kept in a result. */
export function errorRecord(error: unknown): {
  code: string;
  message: string;
  hint?: string | undefined;
  where?: string | undefined;
} {
  if (FettleError.isInstance(error)) {
    return { code: error.code, message: error.message, hint: error.hint, where: error.where };
  }
  return { code: 'unexpected', message: errorMessage(error) };
}
