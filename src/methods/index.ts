/** Inference methods: ways from a sample to an answer. */
export * from './best-of-n/index.ts';
export * from './chain-of-thought/index.ts';
export * from './create-method.ts';
export * from './direct/index.ts';
export * from './leopard/index.ts';
export * from './locate-error/index.ts';
export * from './loglikelihood/index.ts';
export * from './registry.ts';
export * from './retrieval/index.ts';
export * from './self-consistency/index.ts';
export * from './self-correct/index.ts';
export * from './step-labels/index.ts';
export * from './stepco/index.ts';
export * from './steps/index.ts';
export * from './verifiers/index.ts';
export * from './zero-shot/index.ts';
