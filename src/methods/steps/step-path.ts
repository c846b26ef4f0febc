/** A reply cut into reasoning steps. Texts are trimmed and hold no step tags. */
export interface StepPath {
  readonly steps: readonly string[];
  /** What stands before the first step; never a step itself. */
  readonly preamble: string;
  /** What stands behind the last step, as "The answer is …". */
  readonly tail: string;
  /** Within the last answer tag, else the last `\boxed{}`; null where there is neither. */
  readonly answer: string | null;
}

/** Most steps that a path has; further ones are taken into the last, so that no reply asks for thousands of scores. */
export const maxSteps = 100;
