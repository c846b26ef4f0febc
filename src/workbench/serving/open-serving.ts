import {
  type Answer,
  BudgetMeter,
  budgetExhaustedCode,
  canonicalJson,
  errorMessage,
  FettleError,
  type FinishReason,
  type JsonValue,
  journalFailedCode,
  type Method,
  type ModelRole,
  type ModelsByRole,
  type RunRecord,
  type Sample,
  type SampleResult,
  sha256,
  type Store,
  type UsageTotals,
} from '../../core/index.ts';
import { createMethod } from '../../methods/index.ts';
import { createModels, type ModelConfig, type ModelSet } from '../../models/index.ts';
import { codeHash } from '../code-hash.ts';
import { spentBy } from '../compare-methods/spent-by.ts';
import { requireRoles } from '../require-roles.ts';
import { type RunConfig, type RunConfigInput, runConfigSchema } from '../run-config.ts';
import { answerSample } from './answer-sample.ts';
import { endServedRun } from './end-run.ts';
import { openModels } from './open-models.ts';
import { openServedRun } from './open-run.ts';
import { createReading } from './reading.ts';
import { servedTask } from './served-benchmark.ts';
import { identifyRequest, type RequestIdentity, type ServedRequest } from './served-request.ts';
import { createSharedWork } from './shared-work.ts';

/** Two requests with one idempotency key that are not the same. */
export const keyReusedCode = 'idempotency-key-reused';

/** Answers in progress at once where the caller does not say and the model has no limit of its own. */
const usualConcurrency = 256;

/** The counts in the run's record follow the results at this distance. */
const countEveryMs = 1000;

export interface ServingHooks {
  readonly modelConfig?: ModelConfig | undefined;
  /** Fetches what a model needs before it is opened (weights by name). */
  readonly prepareModel?: ((spec: string, role: ModelRole) => Promise<void>) | undefined;
  readonly onNote?: ((text: string) => void) | undefined;
  /** How long refused or failed calls are made again before the request fails; 30 s where absent. */
  readonly retryMs?: number | undefined;
}

export interface ServedAnswer {
  readonly sampleId: string;
  readonly epoch: number;
  readonly text: string;
  readonly finishReason: FinishReason;
  /** Over all calls of all roles, journaled ones too. `roles` names each role that was asked. */
  readonly usage: UsageTotals;
}

/** A method over models, ready for requests. */
export interface Serving {
  readonly run: RunRecord;
  readonly continued: boolean;
  /** What clients call it. */
  readonly name: string;
  /** Changes whenever answers could: method, models, code. */
  readonly fingerprint: string;
  /** Answers in progress at once, as asked for or as suits the model. */
  readonly concurrency: number;
  identify(request: ServedRequest): Promise<RequestIdentity>;
  /**
   * One answer, kept as a sample of the run. `epoch` counts the answers to one request from 1.
   * Throws the signal's reason where it aborts: calls in flight end then, unless an equal request waits for them too.
   */
  answer(request: ServedRequest, identity: RequestIdentity, epoch: number, signal: AbortSignal): Promise<ServedAnswer>;
  /** Ends what is going on, sums the run up, closes the models. The store stays open. */
  close(): Promise<void>;
}

/** Opens method, models and run. `config.target` is of the kind `served`. */
export async function openServing(input: RunConfigInput, store: Store, hooks: ServingHooks = {}): Promise<Serving> {
  const config = runConfigSchema.parse(input);
  const { target } = config;
  if (target.kind !== 'served') throw new TypeError('Only requests of clients are served.');
  const method = createMethod(config.method ?? 'direct');
  requireRoles(method, config.models);
  const reading = await createReading(target.reading);
  const { retryMs = 30_000 } = hooks;
  const set = createModels({
    config: hooks.modelConfig,
    concurrency: config.concurrency,
    onWarning: hooks.onNote,
    retry: { totalMs: retryMs },
  });
  try {
    const models = await openModels(config, set, hooks.prepareModel, retryMs);
    const identity = identityOf(config, method, models);
    const fingerprint = sha256(`${identity}\n${codeHash()}`);
    const opened = await openServedRun(store, config, identity);
    try {
      return await createServing({
        config,
        name: target.name,
        store,
        hooks,
        method,
        reading,
        set,
        models,
        fingerprint,
        ...opened,
      });
    } catch (error) {
      opened.release();
      throw error;
    }
  } catch (error) {
    await set.close();
    throw error;
  }
}

/** Of all that a user chose and that changes answers. */
function identityOf(config: RunConfig, method: Method, models: ModelsByRole): string {
  const identities: Record<string, JsonValue> = {};
  for (const [role, model] of Object.entries(models)) identities[role] = model.identity;
  const { target, seed } = config;
  const reading = target.kind === 'served' ? target.reading : '';
  return sha256(canonicalJson({ method: method.name, options: method.options, identities, reading, seed }));
}

interface ServingParts {
  readonly config: RunConfig;
  readonly name: string;
  readonly store: Store;
  readonly hooks: ServingHooks;
  readonly method: Method;
  readonly reading: Awaited<ReturnType<typeof createReading>>;
  readonly set: ModelSet;
  readonly models: ModelsByRole;
  readonly fingerprint: string;
  readonly run: RunRecord;
  readonly continued: boolean;
  release(): void;
}

async function createServing(parts: ServingParts): Promise<Serving> {
  const { config, name, store, hooks, method, reading, set, models, fingerprint, run, continued } = parts;
  const spent = continued ? await spentBy(store, [run]) : undefined;
  const budget = new BudgetMeter(config.budget, spent);
  const works = createSharedWork<ServedAnswer>(keyReused);
  const unsaved = new Set<Promise<void>>();
  const counts = { completed: run.completed, failed: run.failed };
  let next = continued ? Math.max(run.completed + run.failed, (await store.completed(run.id)).size) : 0;
  let counting: NodeJS.Timeout | undefined;

  const save = (result: SampleResult): Promise<void> => {
    counts[result.status] += 1;
    counting ??= setTimeout(() => {
      counting = undefined;
      store.updateRun(run.id, { ...counts, updatedAt: Date.now() }).catch(told);
    }, countEveryMs).unref();
    const saved = store
      .saveResult(run.id, result)
      .catch(told)
      .finally(() => unsaved.delete(saved));
    unsaved.add(saved);
    return saved;
  };
  const told = (error: unknown): void =>
    hooks.onNote?.(`The outcome of a request was not kept: ${errorMessage(error)}`);

  const solve = async (
    request: ServedRequest,
    { sampleId, seed, requestHash, knownBy }: RequestIdentity,
    epoch: number,
    signal: AbortSignal,
    linger: (rest: Promise<unknown>) => void,
  ): Promise<ServedAnswer> => {
    const known = knownBy !== 'nothing';
    const kept = known ? await store.resultOf(run.id, sampleId, epoch) : undefined;
    if (kept !== undefined && kept.metadata?.['requestHash'] !== requestHash) throw keyReused();
    // An answer of another version of the code is made again, from the calls that are journaled.
    const current = kept?.metadata?.['fingerprint'] === fingerprint;
    if (current && kept?.answer != null) return answerOf(sampleId, epoch, kept.answer, allReplayed(kept.usage));
    const index = kept?.index ?? next++;
    const sample: Sample = {
      id: sampleId,
      input: request.messages,
      target: null,
      generation: request.settings,
      metadata: { requestHash, knownBy, seed, fingerprint },
    };
    const end = await answerSample({
      store,
      runId: run.id,
      budget,
      useCache: config.useCache,
      models,
      method,
      reading,
      sample,
      epoch,
      seed: seed + epoch - 1,
      replay: known ? await store.callsOf(run.id, servedTask, sampleId, epoch) : undefined,
      signal,
      linger,
    });
    if (end.answer === null) {
      // As in a run: what a larger budget or a mended disk would answer is no outcome of the request.
      if (!hasCode(end.error, budgetExhaustedCode, journalFailedCode)) linger(save({ ...end.record, index }));
      throw end.error;
    }
    linger(save({ ...end.record, index }));
    return answerOf(sampleId, epoch, end.answer, end.usage);
  };

  return {
    run,
    continued,
    name,
    fingerprint,
    concurrency: config.concurrency ?? Math.min(usualConcurrency, (models.main.maxConcurrency ?? usualConcurrency) * 2),
    identify: (request) => identifyRequest(request, config.seed),
    answer(request, identity, epoch, signal) {
      const key = `${identity.sampleId}\n${epoch}`;
      return works.join(key, identity.requestHash, signal, (shared, linger) =>
        solve(request, identity, epoch, shared, linger),
      );
    },
    async close() {
      try {
        await works.end(new Error('The server has ended.'));
        clearTimeout(counting);
        await Promise.all(unsaved);
        await endServedRun({ store, run, config, models });
      } finally {
        parts.release();
        await set.close();
      }
    },
  };
}

function keyReused(): FettleError {
  return new FettleError('This idempotency key was sent before with another request.', {
    code: keyReusedCode,
    hint: 'Send a new key with a new request; the same key stands for the same request.',
  });
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return FettleError.isInstance(error) && codes.includes(error.code);
}

function answerOf(sampleId: string, epoch: number, answer: Answer, usage: UsageTotals): ServedAnswer {
  const reason = answer.metadata?.['finishReason'];
  const finishReason = reason === 'length' || reason === 'content-filter' ? reason : 'stop';
  const { inputTokens, outputTokens, calls, cost } = usage;
  const main = { inputTokens, outputTokens, calls, ...(cost === undefined ? {} : { cost }) };
  // A meter names no roles where the main model alone was asked.
  return { sampleId, epoch, text: answer.text, finishReason, usage: { ...usage, roles: usage.roles ?? { main } } };
}

/** An answer that is kept costs nothing more. */
function allReplayed(usage: UsageTotals): UsageTotals {
  return { ...usage, replayedCalls: usage.calls, wastedCalls: 0 };
}
