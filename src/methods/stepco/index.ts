import { defineMethod, type JsonObject, type Method, type ModelRole } from '../../core/index.ts';
import { createVerifier } from '../verifiers/index.ts';
import { type StepcoOptions, stepcoOptions } from './options.ts';
import { solveAsPaper } from './paper-loop.ts';
import { solveAsReleased } from './reference/index.ts';

/** Verifiers of their own kind of model; the others can ask the model that answers. */
const ownModel: readonly StepcoOptions['verify'][] = ['prm', 'classifier'];

/**
 * Stepwise correction: a model solves in steps, a verifier scores each, and the first low step with all behind it is
 * rewritten until none is low. Source: Wu et al., "Enhancing Mathematical Reasoning in LLMs by Stepwise Correction"
 * (arXiv 2410.12934). `variant=reference` runs the loop of the released code, which differs (docs/stepco.md).
 *
 * The trace has a step `round` for every path: its steps and their scores, which was low, what changed, tokens of solver
 * and verifier. Needs a model as verifier for `verify=prm` and `verify=classifier`.
 */
export const stepco = defineMethod({
  name: 'stepco',
  description: 'Solve in steps, find the first that a verifier scores low, rewrite from there.',
  options: stepcoOptions,
  create(options: StepcoOptions): Method {
    const verifier = createVerifier(options);
    const roles: readonly ModelRole[] = ownModel.includes(options.verify) ? ['verifier'] : [];
    return {
      name: 'stepco',
      roles,
      options: recordedOptions(options, verifier.options),
      solve: (sample, context) =>
        options.variant === 'reference'
          ? solveAsReleased(sample, context, verifier)
          : solveAsPaper(sample, context, verifier, options),
    };
  },
});

/** The released code has its settings fixed; the record of a run names only those that had a say. */
function recordedOptions(options: StepcoOptions, verifier: JsonObject): JsonObject {
  const { variant, theta, rounds, keep, score, stop, tokens, extract, reply } = options;
  if (variant === 'reference') return { variant, ...verifier };
  const budget = tokens === undefined ? {} : { tokens };
  return { variant, theta, rounds, keep, score, stop, ...budget, extract, reply, ...verifier };
}

export {
  releasedSteps,
  runReleasedLoop,
  splitAsReleased,
  type ReleasedCalls,
  type ReleasedOutcome,
} from './reference/index.ts';
