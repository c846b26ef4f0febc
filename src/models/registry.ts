import { usageError, type Model } from '../core/index.ts';
import { createCircuit, type Circuit } from './circuit.ts';
import type { ModelConfig } from './config-schema.ts';
import type { Environment } from './keys.ts';
import { createLimiter, type Limiter, type LimiterState } from './limiter.ts';
import { parseModelSpec } from './model-spec.ts';
import { openModel } from './open-model.ts';
import { systemClock, type Clock } from './clock.ts';
import { createRetry, type RetryOptions } from './retry.ts';
import { limited } from './wrap-endpoint.ts';

export interface ModelsOptions {
  /** What `loadModelConfig` gave. */
  readonly config?: ModelConfig | undefined;
  /** Most calls at once at each endpoint; adaptive within 128 where absent. */
  readonly concurrency?: number | undefined;
  /** `process.env` where absent. */
  readonly env?: Environment | undefined;
  readonly retry?: Omit<RetryOptions, 'clock'> | undefined;
  readonly clock?: Clock | undefined;
  /** Told once of each setting that a provider ignores. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

export interface ModelSet {
  /** The same model for the same words. Throws a FettleError (usage) for what does not exist. */
  resolve(spec: string): Promise<Model>;
  /** One entry an endpoint that was resolved, for the progress line. */
  limiters(): (LimiterState & { readonly endpoint: string })[];
  /** Closes every model that was resolved. */
  close(): Promise<void>;
}

/** Without a wish of the user the limit starts low and stays within what most endpoints bear. */
const unaskedStart = 16;
const unaskedMax = 128;

/**
 * The models of one run. ModelSet at the same endpoint share its limiter.
 *
 * @example
 * const models = createModels({ concurrency: 64 });
 * const model = await models.resolve('http://127.0.0.1:8000/v1#Qwen3-8B');
 */
export function createModels(options: ModelsOptions = {}): ModelSet {
  const { concurrency, clock = systemClock, env = process.env } = options;
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency > 0)) {
    throw usageError(`The concurrency must be a whole number above 0, not ${concurrency}.`);
  }
  const gates = new Map<string, { limiter: Limiter; circuit: Circuit }>();
  const opened = new Map<string, Promise<Model>>();
  const retry = createRetry({ ...options.retry, clock });

  function gateOf(model: Model): { limiter: Limiter; circuit: Circuit } {
    let gate = gates.get(model.endpoint);
    if (gate === undefined) {
      const wish = concurrency ?? model.maxConcurrency;
      const max = Math.min(wish ?? unaskedMax, model.maxConcurrency ?? Infinity);
      // Who asks for many at once has a reason: half of them is where slow start begins, or 100 where that is more.
      const start = wish === undefined ? unaskedStart : Math.min(max, Math.max(100, Math.ceil(max / 2)));
      gate = { limiter: createLimiter({ max, start, clock }), circuit: createCircuit(clock, model.endpoint) };
      gates.set(model.endpoint, gate);
    }
    return gate;
  }

  async function open(spec: string): Promise<Model> {
    const model = await openModel(parseModelSpec(spec), spec, { ...options, env });
    // A test model computes its answer within the call: nothing to limit.
    return spec.startsWith('test:') ? model : limited(model, { ...gateOf(model), retry });
  }

  return {
    resolve(spec) {
      let model = opened.get(spec);
      if (model === undefined) {
        model = open(spec);
        opened.set(spec, model);
        // A failure is not kept: the key may be set, the file be there, the next time.
        model.catch(() => opened.delete(spec));
      }
      return model;
    },
    limiters: () => [...gates].map(([endpoint, { limiter }]) => Object.assign(limiter.state(), { endpoint })),
    async close() {
      const all = [...opened.values()];
      opened.clear();
      await Promise.allSettled(all.map(async (model) => (await model).close?.()));
    },
  };
}

/**
 * One model, behind a limiter and retries of its own. `close` of the model ends its connections.
 *
 * @param spec `PROVIDER:NAME`, or `http://HOST:PORT/v1#NAME`
 */
export async function resolveModel(spec: string, options: ModelsOptions = {}): Promise<Model> {
  return createModels(options).resolve(spec);
}
