import type { JsonObject, JsonValue } from './json.ts';
import type { Gallery } from './gallery.ts';
import type { ImageReference, Message } from './message.ts';

/** What a model is asked to do in a run. */
export type ModelRole = 'main' | 'judge' | 'verifier' | 'embedder';

export interface GenerationSettings {
  /** Upper bound of new tokens. */
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  /** How many alternatives to report for each generated token; 0 reports the chosen one alone. */
  readonly logprobs?: number;
  /** Continue the text of the last message as it stands, without a chat template. */
  readonly raw?: boolean;
  /** Fields passed to the endpoint as they are. */
  readonly extra?: JsonObject;
}

export interface GenerateRequest extends GenerationSettings {
  readonly messages: readonly Message[];
}

export type FinishReason = 'stop' | 'length' | 'content-filter' | 'error' | 'other';

/** Token counts. `undefined` where the endpoint did not say. */
export interface Usage {
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly cachedInputTokens?: number | undefined;
  readonly reasoningTokens?: number | undefined;
}

export interface TokenLogprob {
  readonly token: string;
  /** Natural logarithm. */
  readonly logprob: number;
  readonly top?: readonly { readonly token: string; readonly logprob: number }[];
}

export interface GenerateResponse {
  readonly text: string;
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  readonly logprobs?: readonly TokenLogprob[];
  /** Reasoning text, where the endpoint gives it apart from the answer. */
  readonly reasoning?: string;
  /** The model's name as the endpoint reports it. */
  readonly model?: string;
}

export interface LoglikelihoodRequest {
  readonly messages: readonly Message[];
  /** Texts that could follow, each scored on its own. */
  readonly continuations: readonly string[];
  readonly raw?: boolean;
}

export interface LoglikelihoodResponse {
  /** In the order of the request: sum of natural-log probabilities and token count of each continuation. */
  readonly continuations: readonly { readonly logprob: number; readonly tokens: number; readonly greedy?: boolean }[];
  readonly usage: Usage;
}

export interface EmbedRequest {
  readonly texts: readonly string[];
  /** For encoders that place images and texts in one space. Encoders of texts alone refuse them. */
  readonly images?: readonly ImageReference[];
  /** Which encoder, where one model object stands for several. */
  readonly encoder?: string;
}

export interface EmbedResponse {
  /** One vector a text, in order. */
  readonly vectors: readonly (readonly number[])[];
  /** One vector an image, in order; absent where none was asked for. */
  readonly imageVectors?: readonly (readonly number[])[];
  /** What similarities of image and text are multiplied with before a softmax (CLIP: exp of the logit scale). */
  readonly scale?: number;
  readonly usage: Usage;
}

export interface CompareRequest {
  /** One text or one image. */
  readonly query: { readonly text: string } | { readonly image: ImageReference };
  /** Made once for many requests: `textGallery`, `imageGallery`. */
  readonly gallery: Gallery;
  /** How many of the nearest places to report; all that tie with the last of them are reported too. */
  readonly top: number;
  readonly encoder?: string;
}

export interface CompareResponse {
  /** Cosine similarities, greatest first, ties by place. `place` counts the gallery's groups from 0. */
  readonly best: readonly { readonly place: number; readonly similarity: number }[];
  /** As in `EmbedResponse`. */
  readonly scale?: number;
  readonly usage: Usage;
}

/** One text, or a text and one that is read together with it. */
export interface TextPair {
  readonly text: string;
  readonly second?: string;
}

export interface ClassifyRequest {
  readonly pairs: readonly TextPair[];
}

export interface ClassifyResponse {
  /** One row a pair, in order: probabilities of the classes, or one number in [0, 1] of a model that gives one. */
  readonly probabilities: readonly (readonly number[])[];
  /** Names of the classes, where the model has them. */
  readonly labels?: readonly string[];
  /** Pairs that were too long: the beginning of their second text (of a single text, of that) was left out. */
  readonly cut?: number;
  readonly usage: Usage;
}

/** Why an attempt was made again, for counts of wasted calls. */
export interface AttemptFailure {
  readonly kind: 'rate-limit' | 'server-error' | 'timeout' | 'connection' | 'invalid-response';
  readonly message: string;
  readonly waitMs: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of every attempt that failed and is made again. */
  readonly onAttemptFailed?: ((failure: AttemptFailure) => void) | undefined;
  /** Told when an attempt has its place at the endpoint; until then it waits in line. */
  readonly onAdmitted?: (() => void) | undefined;
}

/** Money for tokens, in the currency of the price list. */
export interface Prices {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  readonly cachedInputPerMillion?: number;
}

/**
 * Something that answers. Requests and responses are plain data.
 * A capability that a model lacks is absent, not a method that throws.
 */
export interface Model {
  /** As the user names it, `provider:name`. */
  readonly id: string;
  /** Goes into the journal's keys: everything that changes answers (address, name, weights' hash, template). */
  readonly identity: JsonValue;
  /** Models with the same endpoint share one limiter. */
  readonly endpoint: string;
  /** How many calls the endpoint can use at once, where it is known (local models). */
  readonly maxConcurrency?: number;
  readonly prices?: Prices;
  generate(request: GenerateRequest, options?: CallOptions): Promise<GenerateResponse>;
  loglikelihood?(request: LoglikelihoodRequest, options?: CallOptions): Promise<LoglikelihoodResponse>;
  embed?(request: EmbedRequest, options?: CallOptions): Promise<EmbedResponse>;
  /** Compares one query with a gallery. A run gives it to every model that embeds; providers need not write it. */
  compare?(request: CompareRequest, options?: CallOptions): Promise<CompareResponse>;
  /** Probabilities of classes for texts and pairs of texts. */
  classify?(request: ClassifyRequest, options?: CallOptions): Promise<ClassifyResponse>;
  close?(): Promise<void>;
}

export type ModelsByRole = { readonly main: Model } & { readonly [role in Exclude<ModelRole, 'main'>]?: Model };
