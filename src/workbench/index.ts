/** One evaluation from start to end: what the command line, the server and a library user call. */
export * from './code-hash.ts';
export * from './compare-methods/index.ts';
export * from './explain-modes.ts';
export * from './open-evaluation.ts';
export * from './paths/index.ts';
export * from './read-replies.ts';
export * from './require-roles.ts';
export * from './run-config.ts';
export * from './run-evaluation.ts';
export * from './run-id.ts';
export * from './score-replies.ts';
export * from './serving/index.ts';
export * from './settle.ts';
export * from './step-labels/index.ts';
export * from './summary-of.ts';
export * from './with-samples.ts';
export * from './training/index.ts';
