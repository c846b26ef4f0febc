import type { Model } from '../../core/index.ts';

/** Makes a call, with something before or after it. */
export type Around = <T>(make: () => Promise<T>) => Promise<T>;

/** The model with the same done around each of its calls. */
export function aroundCalls(model: Model, around: Around): Model {
  const { loglikelihood, embed, compare, classify } = model;
  return {
    ...model,
    generate: (request, options) => around(() => model.generate(request, options)),
    ...(loglikelihood && {
      loglikelihood: (request, options) => around(() => loglikelihood.call(model, request, options)),
    }),
    ...(embed && { embed: (request, options) => around(() => embed.call(model, request, options)) }),
    ...(compare && { compare: (request, options) => around(() => compare.call(model, request, options)) }),
    ...(classify && { classify: (request, options) => around(() => classify.call(model, request, options)) }),
  } satisfies Model;
}
