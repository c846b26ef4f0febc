/** Scorers that any task can use: metrics turned into verdicts. */
export * from './create-scorer.ts';
export * from './match-scorers.ts';
export * from './judge-scorer.ts';
