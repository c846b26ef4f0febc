import { usageError, type Model, type Prices } from '../core/index.ts';
import type { ModelConfig, EndpointConfig } from './config-schema.ts';
import { headersOfEndpoint, keyFromEnv, keyOfEndpoint, type Environment, type Key } from './keys.ts';
import type { ModelSpec } from './model-spec.ts';
import { nearestName } from './nearest-name.ts';
import { builtInProviders, providerNames } from './providers.ts';

export interface OpenContext {
  readonly config?: ModelConfig | undefined;
  readonly env: Environment;
  readonly concurrency?: number | undefined;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** Key of endpoints that are given by their address. No key of a named service is ever sent to them. */
const addressKey = 'FETTLE_API_KEY';

/** Makes the model that a specification names. Heavy parts are loaded here, on first use. */
export async function openModel(spec: ModelSpec, id: string, context: OpenContext): Promise<Model> {
  const { env } = context;
  if (spec.kind === 'url') {
    const key = keyFromEnv(env, addressKey);
    return openAICompatible(id, spec.name, { baseUrl: spec.baseUrl }, addressKey, key, {}, context);
  }
  const { provider, name } = spec;
  const endpoint = context.config?.endpoints?.[provider];
  const builtIn = Object.hasOwn(builtInProviders, provider);
  if (endpoint === undefined && !builtIn) throw unknownProvider(provider, context.config);
  if (name === '') throw usageError(`"${id}" names no model.`, { hint: `Write ${provider}:NAME.` });

  if (provider === 'test') return (await import('./test-model.ts')).createTestModel(name);
  if (provider === 'local') return (await import('./local/index.ts')).createLocalModel(name, { id });
  if (provider === 'clip') return (await import('./clip/index.ts')).createClip(name, { id });
  if (provider === 'engine') return (await import('./engine/index.ts')).createEngineModel(name, { id, env });
  if (provider === 'onnx') return (await import('./encoders/index.ts')).openOnnxModel(name, { id });

  const api = endpoint?.api ?? (builtIn ? provider : 'openai');
  const keyName =
    api === 'anthropic' ? 'ANTHROPIC_API_KEY' : api === 'google' ? 'GOOGLE_GENERATIVE_AI_API_KEY' : 'OPENAI_API_KEY';
  const settings = endpoint ?? {};
  const own = await keyOfEndpoint(settings, provider, env);
  const key = own ?? (builtIn ? keyFromEnv(env, keyName) : undefined);
  const headers = headersOfEndpoint(settings, provider, env);
  if (api === 'openai') return openAICompatible(id, name, settings, settings.keyEnv ?? keyName, key, headers, context);

  if (key === undefined) throw missingKey(api, keyName);
  const sdk = await import('./ai-sdk/index.ts');
  const create = api === 'anthropic' ? sdk.createAnthropicModel : sdk.createGoogleModel;
  const model = await create({
    id,
    model: name,
    apiKey: key.value,
    keySource: key.source,
    baseUrl: settings.baseUrl ?? (api === 'anthropic' ? env.ANTHROPIC_BASE_URL : undefined),
    headers,
    timeoutSeconds: settings.timeoutSeconds,
    prices: pricesOf(id, name, settings, context.config),
    onWarning: context.onWarning,
  });
  return withMaxConcurrency(model, settings);
}

async function openAICompatible(
  id: string,
  name: string,
  endpoint: EndpointConfig,
  keySource: string,
  key: Key | undefined,
  headers: Record<string, string>,
  context: OpenContext,
): Promise<Model> {
  const baseUrl = endpoint.baseUrl ?? (context.env.OPENAI_BASE_URL || 'https://api.openai.com/v1');
  if (!URL.canParse(baseUrl)) throw usageError(`OPENAI_BASE_URL is not an address: ${baseUrl}`);
  const isOpenAI = new URL(baseUrl).hostname === 'api.openai.com';
  if (isOpenAI && key === undefined) throw missingKey('openai', keySource);
  const { createOpenAICompatible } = await import('./openai-compatible/index.ts');
  const model = createOpenAICompatible({
    id,
    baseUrl,
    model: name,
    apiKey: key?.value,
    keySource: key?.source ?? keySource,
    keyHeader: endpoint.keyHeader,
    headers,
    omit: endpoint.omit,
    extra: endpoint.extra,
    maxTokensField: endpoint.maxTokensField ?? (isOpenAI ? 'max_completion_tokens' : 'max_tokens'),
    loglikelihood: endpoint.loglikelihood ?? !isOpenAI,
    timeoutSeconds: endpoint.timeoutSeconds,
    stallSeconds: endpoint.stallSeconds,
    connections: Math.max(1024, context.concurrency ?? 0),
    prices: pricesOf(id, name, endpoint, context.config),
    env: context.env,
  });
  return withMaxConcurrency(model, endpoint);
}

function withMaxConcurrency(model: Model, { maxConcurrency }: EndpointConfig): Model {
  return maxConcurrency === undefined ? model : { ...model, maxConcurrency };
}

function pricesOf(
  id: string,
  name: string,
  endpoint: EndpointConfig,
  config: ModelConfig | undefined,
): Prices | undefined {
  return endpoint.prices?.[name] ?? config?.prices?.[id] ?? config?.prices?.[name];
}

function missingKey(provider: string, variable: string): Error {
  return usageError(`There is no key for ${provider}: the environment variable ${variable} is not set.`, {
    code: 'key-missing',
    hint: `Set ${variable}, or name another variable as "keyEnv" of the endpoint "${provider}" in fettle.config.json.`,
  });
}

function unknownProvider(provider: string, config: ModelConfig | undefined): Error {
  const names = providerNames(config);
  const nearest = nearestName(provider, names);
  const guess = nearest === undefined ? '' : `Did you mean ${nearest}? `;
  return usageError(`There is no provider "${provider}".`, {
    code: 'unknown-provider',
    hint: `${guess}There are: ${names.join(', ')}, and http://HOST:PORT/v1#NAME. Further ones are named in fettle.config.json.`,
  });
}
