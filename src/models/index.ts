/**
 * Reaching a model: OpenAI-compatible endpoints, any AI SDK language model, llama.cpp and ONNX in this process,
 * and what wraps one: an adaptive limiter, retries, redaction of keys.
 */
export { fromLanguageModel, type AnyLanguageModel, type FromLanguageModelOptions } from './ai-sdk/index.ts';
export {
  catalogModel,
  installedModel,
  missingModelError,
  modelCatalog,
  modelsFolder,
  type CatalogFile,
  type CatalogModel,
  type CatalogVariant,
  type HubSource,
  type InstalledModel,
  type WheelPart,
  type WheelSource,
} from './catalog.ts';
export {
  type Clip,
  type ClipInfo,
  createClip,
  type CreateClipOptions,
  openClip,
  type OpenClipOptions,
} from './clip/index.ts';
export { createCircuit, type Circuit, type CircuitOptions } from './circuit.ts';
export { cleanText } from './clean-text.ts';
export { systemClock, type Clock } from './clock.ts';
export { loadModelConfig, parseModelConfig } from './config.ts';
export type { EndpointConfig, ModelConfig } from './config-schema.ts';
export { createEngineModel, type EngineModelOptions } from './engine/index.ts';
export { createEncoder, type EncoderOptions } from './encoders/index.ts';
export { createLimiter, type Limiter, type LimiterOptions, type LimiterState, type Permit } from './limiter.ts';
export { createLocalModel, type LocalModelOptions } from './local/index.ts';
export { ModelError, type ModelErrorKind } from './model-error.ts';
export { nearestName } from './nearest-name.ts';
export { createOpenAICompatible, type OpenAICompatibleOptions } from './openai-compatible/index.ts';
export { listProviders, type ListedProvider } from './providers.ts';
export { createRedactor, redact, registerSecret, type Redactor } from './redact.ts';
export { createModels, resolveModel, type ModelSet, type ModelsOptions } from './registry.ts';
export { createRetry, type Retry, type RetryOptions } from './retry.ts';
export { createTestModel } from './test-model.ts';
export { tiledModel, tilingMiddleware, type TilingMiddleware, type TilingMiddlewareOptions } from './tiling/index.ts';
export { limited, type EndpointWrap } from './wrap-endpoint.ts';
