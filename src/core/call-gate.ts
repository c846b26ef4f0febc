import { type AroundCall, aroundCalls } from './around-calls.ts';
import type { BudgetMeter } from './budget.ts';
import {
  canonicalCompare,
  canonicalJson,
  hasImages,
  imagesAsMessages,
  sha256,
  storedMessages,
  storedTextMessages,
} from './canonical.ts';
import { costOf } from './call-cost.ts';
import { compareByEmbedding } from './compare.ts';
import { FettleError } from './errors.ts';
import { type GatedCall, gatedModel } from './gated-model.ts';
import { keepGallery } from './keep-gallery.ts';
import type { Message, StoredMessage } from './message.ts';
import type {
  AttemptFailure,
  CallOptions,
  CompareRequest,
  CompareResponse,
  Model,
  ModelRole,
  ModelsByRole,
  Usage,
} from './model.ts';
import type { CallRecord, UsageTotals } from './result.ts';
import type { Store } from './store.ts';
import { UsageMeter } from './usage-meter.ts';

/** Marks an error of the store, which ends the run rather than the sample. */
export const journalFailedCode = 'journal-failed';

export interface CallGateOptions {
  readonly store: Store;
  readonly runId: string;
  readonly budget: BudgetMeter;
  readonly signal: AbortSignal;
  /** Let deterministic requests be answered from other runs' journals. */
  readonly useCache: boolean;
  /** Told of each attempt that failed and is made again. */
  readonly onWastedCall?: (failure: AttemptFailure) => void;
  /** Told of each answered call. */
  readonly onCall?: (call: { inputTokens: number; outputTokens: number; cost: number; replayed: boolean }) => void;
}

const identityHashes = new WeakMap<Model, string>();

function identityHash(model: Model): string {
  let hash = identityHashes.get(model);
  if (hash === undefined) {
    hash = sha256(canonicalJson(model.identity));
    identityHashes.set(model, hash);
  }
  return hash;
}

/**
 * The one way from a sample's method and scorers to models.
 * Each call is looked up in the journal first, and written there before its answer is handed on:
 * whatever happens afterwards, that call is never made again.
 * One gate serves one sample in one epoch.
 */
export class CallGate {
  readonly #options: CallGateOptions;
  readonly #task: string;
  readonly #sampleId: string;
  readonly #epoch: number;
  readonly #replay: ReadonlyMap<string, CallRecord> | undefined;
  readonly #seen = new Map<string, number>();
  readonly #siblings: readonly ReadonlyMap<string, CallRecord>[];
  readonly #usage = new UsageMeter();
  #position = 0;

  constructor(
    options: CallGateOptions,
    sample: {
      readonly task: string;
      readonly sampleId: string;
      readonly epoch: number;
      /** Journaled calls of an earlier start of this run. */
      readonly replay?: ReadonlyMap<string, CallRecord> | undefined;
      /** The same sample's calls in the journals of runs that share their answers with this one. */
      readonly siblings?: readonly ReadonlyMap<string, CallRecord>[] | undefined;
    },
  ) {
    this.#options = options;
    this.#task = sample.task;
    this.#sampleId = sample.sampleId;
    this.#epoch = sample.epoch;
    this.#replay = sample.replay;
    this.#siblings = sample.siblings ?? [];
  }

  get usage(): UsageTotals {
    return this.#usage.totals;
  }

  /** The model as methods and scorers see it. */
  wrap(role: ModelRole, model: Model): Model {
    if (model.prices !== undefined) this.#usage.priced();
    return gatedModel(model, {
      through: (call) => this.#through(role, model, call),
      compare: (request, options) => this.#compare(role, model, request, options),
    });
  }

  /**
   * The models of all roles, `around` done around each of their calls where it is given. Who verifies is counted apart,
   * also where the model that answers does it.
   */
  wrapAll(models: ModelsByRole, around?: AroundCall): ModelsByRole {
    const wrapped = (role: ModelRole, model: Model): Model => {
      const gated = this.wrap(role, model);
      return around === undefined ? gated : aroundCalls(gated, around);
    };
    const { main, judge, verifier, embedder } = models;
    return {
      main: wrapped('main', main),
      verifier: wrapped('verifier', verifier ?? main),
      ...(judge && { judge: wrapped('judge', judge) }),
      ...(embedder && { embedder: wrapped('embedder', embedder) }),
    };
  }

  /** Messages as they are stored, with the bytes of their images kept. */
  stored(messages: readonly Message[]): readonly StoredMessage[] | Promise<readonly StoredMessage[]> {
    if (!hasImages(messages)) return storedTextMessages(messages);
    return storedMessages(messages, (image) => this.#options.store.putBlob(image));
  }

  /** As `stored`, for the record of a sample: images that cannot be read, which failed it, are named in words. */
  recorded(messages: readonly Message[]): readonly StoredMessage[] | Promise<readonly StoredMessage[]> {
    if (!hasImages(messages)) return storedTextMessages(messages);
    return storedMessages(messages, (image) => this.#options.store.putBlob(image), { unreadable: 'name' });
  }

  async #compare(
    role: ModelRole,
    model: Model,
    request: CompareRequest,
    options: CallOptions | undefined,
  ): Promise<CompareResponse> {
    const galleryHash = await keepGallery(this.#options.store, request.gallery);
    const { query } = request;
    return this.#through<CompareResponse>(role, model, {
      kind: 'compare',
      messages: 'text' in query ? [] : imagesAsMessages([query.image]),
      canonical: (messages) => canonicalCompare(request, messages, galleryHash),
      deterministic: true,
      make: (callOptions) => compareByEmbedding(model, request, callOptions),
      options,
    });
  }

  async #through<Response extends { readonly usage: Usage }>(
    role: ModelRole,
    model: Model,
    { kind, messages, canonical, deterministic, make, options: callOptions }: GatedCall<Response>,
  ): Promise<Response> {
    const { store, budget, signal, useCache, onCall, onWastedCall } = this.#options;
    const stored = this.stored(messages);
    const request = canonical(stored instanceof Promise ? await stored : stored);
    const base = sha256(`${identityHash(model)}\n${kind}\n${request}`);
    const ordinal = this.#seen.get(base) ?? 0;
    this.#seen.set(base, ordinal + 1);
    const key = sha256(`${base}\n${ordinal}`);
    const position = this.#position++;

    const replayed = this.#replay?.get(key);
    if (replayed !== undefined) {
      this.#usage.wasted(Math.max(0, replayed.attempts - 1));
      return this.#answerFrom<Response>(role, replayed, model, replayed.attempts > 0 ? 'this-run' : 'another-run');
    }

    const cacheKey = deterministic ? base : null;
    const borrowed =
      this.#siblings.find((calls) => calls.has(key))?.get(key) ??
      (useCache && cacheKey !== null ? await store.cachedCall(cacheKey) : undefined);
    if (borrowed !== undefined) {
      // Copied into this run's journal: a run is whole without the runs that it borrowed from.
      await this.#append({
        ...borrowed,
        task: this.#task,
        sampleId: this.#sampleId,
        epoch: this.#epoch,
        key,
        position,
        role,
        model: model.id,
        attempts: 0,
      });
      return this.#answerFrom<Response>(role, borrowed, model, 'another-run');
    }

    signal.throwIfAborted();
    budget.assertOpen();
    let attempts = 1;
    let startedAt = Date.now();
    let begin = performance.now();
    const response = await make({
      signal: callOptions?.signal ?? signal,
      onAdmitted: () => {
        // The time of a call is the endpoint's, not that of the line before it.
        startedAt = Date.now();
        begin = performance.now();
        callOptions?.onAdmitted?.();
      },
      onAttemptFailed: (failure) => {
        attempts += 1;
        this.#usage.wasted(1);
        onWastedCall?.(failure);
        callOptions?.onAttemptFailed?.(failure);
      },
    });
    const latencyMs = performance.now() - begin;
    const inputTokens = response.usage.inputTokens ?? 0;
    const outputTokens = response.usage.outputTokens ?? 0;
    const cost = costOf(model, response.usage);
    // Spent before it is written: a full disk must not make the budget forget a paid call.
    budget.add(inputTokens + outputTokens, cost);
    await this.#append({
      task: this.#task,
      sampleId: this.#sampleId,
      epoch: this.#epoch,
      key,
      cacheKey,
      position,
      role,
      kind,
      model: model.id,
      request,
      response: JSON.stringify(response),
      inputTokens,
      outputTokens,
      attempts,
      startedAt,
      latencyMs,
    });
    this.#usage.count(role, { inputTokens, outputTokens, cost, paid: true });
    onCall?.({ inputTokens, outputTokens, cost, replayed: false });
    return response;
  }

  async #append(call: CallRecord): Promise<void> {
    try {
      await this.#options.store.appendCall(this.#options.runId, call);
    } catch (error) {
      throw new FettleError('A model answered, but its answer could not be written to the journal.', {
        code: journalFailedCode,
        cause: error,
      });
    }
  }

  #answerFrom<Response extends { readonly usage: Usage }>(
    role: ModelRole,
    call: CallRecord,
    model: Model,
    paidBy: 'this-run' | 'another-run',
  ): Response {
    const response = JSON.parse(call.response) as Response;
    this.#usage.replayed();
    const { inputTokens, outputTokens } = call;
    const cost = costOf(model, response.usage);
    const paid = paidBy === 'this-run';
    this.#usage.count(role, { inputTokens, outputTokens, cost, paid });
    this.#options.onCall?.({ inputTokens, outputTokens, cost: paid ? cost : 0, replayed: true });
    return response;
  }
}
