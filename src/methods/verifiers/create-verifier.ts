import { createClassifierVerifier } from './classifier/index.ts';
import { type VerifierOptions, verifierOptions } from './options.ts';
import { createOracleVerifier } from './oracle/index.ts';
import { createPrmVerifier } from './prm/index.ts';
import { createPromptedVerifier } from './prompted/index.ts';
import { createRolloutVerifier } from './rollouts/index.ts';
import type { StepVerifier } from './step-verifier.ts';

const makers = {
  prompted: createPromptedVerifier,
  prm: createPrmVerifier,
  rollouts: createRolloutVerifier,
  classifier: createClassifierVerifier,
  oracle: createOracleVerifier,
} as const satisfies Record<VerifierOptions['verify'], (settings: VerifierOptions) => StepVerifier>;

/** Makes the verifier that `verify` names. Missing options take their defaults. */
export function createVerifier(options: Partial<VerifierOptions> = {}): StepVerifier {
  const settings = verifierOptions.parse(options);
  return makers[settings.verify](settings);
}
