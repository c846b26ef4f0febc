import type { CallOptions, Model, Usage } from './model.ts';

/** Makes a call, with something before, after or in place of it. */
export type AroundCall = <Response extends { readonly usage: Usage }>(
  make: (options: CallOptions | undefined) => Promise<Response>,
  options: CallOptions | undefined,
) => Promise<Response>;

/** The model with the same done around each of its calls. What the model lacks is absent. */
export function aroundCalls(model: Model, around: AroundCall): Model {
  const { loglikelihood, embed, compare, classify, close } = model;
  return {
    id: model.id,
    identity: model.identity,
    endpoint: model.endpoint,
    ...(model.maxConcurrency !== undefined && { maxConcurrency: model.maxConcurrency }),
    ...(model.prices && { prices: model.prices }),
    generate: (request, call) => around((options) => model.generate(request, options), call),
    ...(loglikelihood &&
      ({
        loglikelihood: (request, call) => around((options) => loglikelihood.call(model, request, options), call),
      } satisfies Partial<Model>)),
    ...(embed &&
      ({
        embed: (request, call) => around((options) => embed.call(model, request, options), call),
      } satisfies Partial<Model>)),
    ...(compare &&
      ({
        compare: (request, call) => around((options) => compare.call(model, request, options), call),
      } satisfies Partial<Model>)),
    ...(classify &&
      ({
        classify: (request, call) => around((options) => classify.call(model, request, options), call),
      } satisfies Partial<Model>)),
    ...(close && { close: () => close.call(model) }),
  };
}
