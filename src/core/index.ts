/** The vocabulary of Fettle and the runner that carries samples through it. */
export * from './benchmark.ts';
export * from './errors.ts';
export * from './json.ts';
export * from './message.ts';
export * from './method.ts';
export * from './model.ts';
export * from './random.ts';
export * from './result.ts';
export * from './run.ts';
export * from './sample.ts';
export * from './scorer.ts';
export * from './store.ts';
export * from './task.ts';
