export * from './architecture.ts';
export * from './arms.ts';
export * from './clip-config.ts';
export * from './clip-job.ts';
export * from './cliperase-config.ts';
export * from './cliperase-job.ts';
export * from './describe-recipes.ts';
export * from './sweep.ts';
