import {
  canonicalClassify,
  canonicalEmbed,
  canonicalGenerate,
  canonicalLoglikelihood,
  imagesAsMessages,
} from './canonical.ts';
import type { Message, StoredMessage } from './message.ts';
import type { CallOptions, CompareRequest, CompareResponse, Model, Usage } from './model.ts';
import type { CallRecord } from './result.ts';

/** One call on its way through the gate. */
export interface GatedCall<Response extends { readonly usage: Usage }> {
  readonly kind: CallRecord['kind'];
  /** Whatever holds images that the request shows; they are stored by hash. */
  readonly messages: readonly Message[];
  /** The text that stands for the request in journals. */
  readonly canonical: (messages: readonly StoredMessage[]) => string;
  /** Whether other runs may be answered by it. */
  readonly deterministic: boolean;
  readonly make: (options: CallOptions) => Promise<Response>;
  readonly options: CallOptions | undefined;
}

export interface Gate {
  readonly through: <Response extends { readonly usage: Usage }>(call: GatedCall<Response>) => Promise<Response>;
  readonly compare: (request: CompareRequest, options: CallOptions | undefined) => Promise<CompareResponse>;
}

/** The model as methods and scorers see it: each call goes through the gate; what the model lacks is absent. */
export function gatedModel(model: Model, { through, compare }: Gate): Model {
  const { loglikelihood, embed, classify } = model;
  return {
    id: model.id,
    identity: model.identity,
    endpoint: model.endpoint,
    ...(model.maxConcurrency === undefined ? {} : { maxConcurrency: model.maxConcurrency }),
    ...(model.prices === undefined ? {} : { prices: model.prices }),
    generate: (request, options) =>
      through({
        kind: 'generate',
        messages: request.messages,
        canonical: (messages) => canonicalGenerate(request, messages),
        deterministic: request.temperature === 0,
        make: (callOptions) => model.generate(request, callOptions),
        options,
      }),
    ...(loglikelihood &&
      ({
        loglikelihood: (request, options) =>
          through({
            kind: 'loglikelihood',
            messages: request.messages,
            canonical: (messages) => canonicalLoglikelihood(request, messages),
            deterministic: true,
            make: (callOptions) => loglikelihood.call(model, request, callOptions),
            options,
          }),
      } satisfies Partial<Model>)),
    ...(embed &&
      ({
        embed: (request, options) =>
          through({
            kind: 'embed',
            messages: imagesAsMessages(request.images),
            canonical: (messages) => canonicalEmbed(request, messages),
            deterministic: true,
            make: (callOptions) => embed.call(model, request, callOptions),
            options,
          }),
        compare,
      } satisfies Partial<Model>)),
    ...(classify &&
      ({
        classify: (request, options) =>
          through({
            kind: 'classify',
            messages: [],
            canonical: () => canonicalClassify(request),
            deterministic: true,
            make: (callOptions) => classify.call(model, request, callOptions),
            options,
          }),
      } satisfies Partial<Model>)),
  };
}
