export * from './experiment-config.ts';
export { isHubName } from './original-folders.ts';
export * from './run-experiment.ts';
export * from './run-unlearning.ts';
export * from './train-clip.ts';
export * from './training-hooks.ts';
