/** Models behind OpenAI-compatible endpoints. */
export { createOpenAICompatible, type OpenAICompatibleOptions } from './model.ts';
