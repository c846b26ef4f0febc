import { aroundCalls, hasImages, type JsonObject, type Message, type Model } from '../../core/index.ts';
import { resolveTilingOptions, tileMessages, type TileMessagesOptions } from '../../tiling/index.ts';

/**
 * The same model, which gets the images of each request as thumbnails and tiles: all images of a request are planned
 * together under one budget. Requests without images reach the model as they are, and so does `embed`.
 *
 * Journals hold the request as it was asked, with its images whole: the options are part of the identity.
 *
 * @throws FettleError (usage) for options that cannot be meant; from its methods `image-invalid` and `image-too-large`,
 *   which name the image
 */
export function tiledModel(model: Model, options: TileMessagesOptions = {}): Model {
  const tiling: JsonObject = { version: 1, ...definedOptions(options), ...resolveTilingOptions(options) };
  const tiled = async (messages: readonly Message[]): Promise<readonly Message[]> =>
    (await tileMessages(messages, options)).messages;
  const { loglikelihood } = model;
  return {
    ...aroundCalls(model, (make, call) => make(call)),
    identity: { model: model.identity, tiling },
    async generate(request, call) {
      if (!hasImages(request.messages)) return model.generate(request, call);
      const messages = await tiled(request.messages);
      call?.signal?.throwIfAborted();
      return model.generate({ ...request, messages }, call);
    },
    ...(loglikelihood &&
      ({
        async loglikelihood(request, call) {
          if (!hasImages(request.messages)) return loglikelihood.call(model, request, call);
          const messages = await tiled(request.messages);
          call?.signal?.throwIfAborted();
          return loglikelihood.call(model, { ...request, messages }, call);
        },
      } satisfies Partial<Model>)),
  };
}

function definedOptions(options: TileMessagesOptions): JsonObject {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as JsonObject;
}
