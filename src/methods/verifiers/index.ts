/** Step verifiers: who says how likely the reasoning is right so far. */
export { createVerifier } from './create-verifier.ts';
export { pathRule, verifierNames, verifierOptions, type VerifierOptions } from './options.ts';
export { bestPath, firstLow, pathRules, pathScore, type PathRule } from './path-score.ts';
export { answerOf, isGold, sameAnswer } from './same-answer.ts';
export type { ScoreOptions, StepVerifier } from './step-verifier.ts';
