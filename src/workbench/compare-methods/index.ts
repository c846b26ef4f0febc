/** Several methods on the same samples: run, taken up again, measured. */
export * from './measure-comparison.ts';
export * from './parse-methods.ts';
export * from './run-comparison.ts';
export * from './stored-comparison.ts';
