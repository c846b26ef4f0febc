/** Any language model of the AI SDK as a model of Fettle. */
export { fromLanguageModel, type FromLanguageModelOptions } from './from-language-model.ts';
export type { AnyLanguageModel } from './language-model.ts';
export { createAnthropicModel, createGoogleModel, type ProviderOptions } from './providers.ts';
