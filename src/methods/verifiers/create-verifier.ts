import { type VerifierOptions, verifierOptions } from './options.ts';
import { createPromptedVerifier } from './prompted/index.ts';
import type { StepVerifier } from './step-verifier.ts';

/** Makes the verifier that `verify` names. Missing options take their defaults. */
export function createVerifier(options: Partial<VerifierOptions> = {}): StepVerifier {
  const settings = verifierOptions.parse(options);
  return createPromptedVerifier(settings);
}
