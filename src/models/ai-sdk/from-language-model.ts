import type { JsonValue, Model, Prices } from '../../core/index.ts';
import { ModelError } from '../model-error.ts';
import type { EndpointFacts } from '../openai-compatible/http-error.ts';
import type { AnyLanguageModel } from './language-model.ts';
import { sdkOptions } from './prompt.ts';
import { readResult } from './result.ts';
import { sdkError } from './sdk-error.ts';

export interface FromLanguageModelOptions {
  /** `provider:name` of the language model where absent. */
  readonly id?: string | undefined;
  /** Models with the same endpoint share one limiter; the provider's name where absent. */
  readonly endpoint?: string | undefined;
  /** What else changes answers, beside provider and name. */
  readonly identity?: JsonValue | undefined;
  /** For one whole answer; 600 where absent. */
  readonly timeoutSeconds?: number | undefined;
  /** Where the key comes from, for error messages. */
  readonly keySource?: string | undefined;
  readonly prices?: Prices | undefined;
  /** Told once of each setting that the provider ignores. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/**
 * Any AI SDK language model (versions 2 to 4 of the interface) as a model of Fettle.
 * Log-probabilities are no part of that interface, so responses carry none.
 *
 * @example
 * const model = fromLanguageModel(mistral('mistral-small-latest'));
 */
export function fromLanguageModel(model: AnyLanguageModel, options: FromLanguageModelOptions = {}): Model {
  const { provider, modelId, specificationVersion: version } = model;
  const id = options.id ?? `${provider}:${modelId}`;
  const endpoint = options.endpoint ?? provider;
  const timeoutMs = (options.timeoutSeconds ?? 600) * 1000;
  const facts: EndpointFacts = { endpoint, model: modelId, keySource: options.keySource, hasKey: true };
  const warned = new Set<string>();
  const warn = (text: string): void => {
    if (warned.has(text) || options.onWarning === undefined) return;
    warned.add(text);
    options.onWarning(`${id}: ${text}`);
  };

  return {
    id,
    identity: {
      provider: `ai-sdk/${provider}`,
      endpoint,
      model: modelId,
      ...(options.identity !== undefined && { with: options.identity }),
    },
    endpoint,
    ...(options.prices && { prices: options.prices }),
    async generate(request, call) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const signal = call?.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
      const sdkRequest = await sdkOptions(request, { provider, version }, signal);
      if (request.logprobs !== undefined) warn('log-probabilities cannot be asked for through the AI SDK');
      let result: unknown;
      try {
        result = await model.doGenerate(sdkRequest as never);
      } catch (error) {
        if (call?.signal?.aborted) throw call.signal.reason;
        if (deadline.aborted) {
          const message = `No whole answer from ${endpoint} within ${timeoutMs / 1000} s.`;
          throw new ModelError(message, { code: 'model-timeout', kind: 'timeout', where: endpoint, cause: error });
        }
        throw sdkError(error, facts);
      }
      const { response, warnings } = readResult(result, endpoint);
      for (const warning of warnings) warn(warning);
      return response;
    },
  };
}
