import type { Model } from '../../core/index.ts';
import { fromLanguageModel, type FromLanguageModelOptions } from './from-language-model.ts';

export interface ProviderOptions extends Omit<FromLanguageModelOptions, 'endpoint'> {
  readonly model: string;
  readonly apiKey: string;
  /** The provider's own address where absent. */
  readonly baseUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A Claude model through `@ai-sdk/anthropic`, which is loaded now. */
export async function createAnthropicModel(options: ProviderOptions): Promise<Model> {
  const { createAnthropic } = await import('@ai-sdk/anthropic');
  const baseURL = trim(options.baseUrl ?? 'https://api.anthropic.com/v1');
  const provider = createAnthropic({
    baseURL,
    apiKey: options.apiKey,
    ...(options.headers && { headers: options.headers }),
  });
  return fromLanguageModel(provider(options.model), { ...options, endpoint: baseURL });
}

/** A Gemini model through `@ai-sdk/google`, which is loaded now. */
export async function createGoogleModel(options: ProviderOptions): Promise<Model> {
  const { createGoogleGenerativeAI } = await import('@ai-sdk/google');
  const baseURL = trim(options.baseUrl ?? 'https://generativelanguage.googleapis.com/v1beta');
  const headers = options.headers && { headers: options.headers };
  const provider = createGoogleGenerativeAI({ baseURL, apiKey: options.apiKey, ...headers });
  return fromLanguageModel(provider(options.model), { ...options, endpoint: baseURL });
}

function trim(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return origin + pathname.replace(/\/+$/, '');
}
