import type { JsonObject, MethodContext, Sample } from '../../core/index.ts';

export interface ScoreOptions {
  /** Steps before it (0-based) are not scored; the result begins with step `from`. */
  readonly from?: number;
}

/**
 * Judges reasoning step by step. Scores are probabilities in [0, 1] that the prefix up to and with a step is right, or
 * leads to the right answer; what exactly is each verifier's own.
 */
export interface StepVerifier {
  readonly name: string;
  /** What it was made with, for the run's record. */
  readonly options: JsonObject;
  /**
   * One probability for each prefix `steps[0..i]`, i from `from` (0 where absent): `steps.length - from` numbers.
   * The last step should hold the answer, as `stepsToVerify` gives them.
   * Prefixes of one sample are scored once: those scored before cost no call. Calls are made together.
   *
   * Throws FettleError `no-logprobs`, `no-loglikelihood`, `no-classify`, which name what the model lacks.
   */
  score(
    sample: Sample,
    steps: readonly string[],
    context: MethodContext,
    options?: ScoreOptions,
  ): Promise<readonly number[]>;
  /**
   * One probability for each step mark in a text that is given as the model reads it. Only of verifiers that read
   * marks; the released code of StepCo needs it.
   */
  scoreMarks?(text: string, context: MethodContext): Promise<readonly number[]>;
}
