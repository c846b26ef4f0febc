import {
  type Benchmark,
  createProgress,
  errorRecord,
  FettleError,
  type JsonObject,
  type Method,
  type Model,
  type ModelRole,
  type ModelsByRole,
  type Progress,
  type RunOutcome,
  type RunRecord,
  runTasks,
  type Store,
  usageError,
} from '../core/index.ts';
import { createMethod } from '../methods/index.ts';
import { type ModelConfig, createModels, type ModelSet, tiledModel } from '../models/index.ts';
import { summarize, type Summary } from '../report/index.ts';
import { spentBy } from './compare-methods/spent-by.ts';
import { codeHash } from './code-hash.ts';
import { type Evaluation, openEvaluation } from './open-evaluation.ts';
import { methodLabel } from './method-label.ts';
import { type RunConfig, type RunConfigInput, runConfigSchema } from './run-config.ts';
import { resolveRoles } from './resolve-roles.ts';
import { requireRoles } from './require-roles.ts';
import { createRunId } from './run-id.ts';
import { settleRun } from './settle.ts';

/** Samples in flight where the caller does not say. */
const defaultConcurrency = 32;

export interface RunHooks {
  /** Told once the run is known, before the first call. */
  readonly onStart?: (run: RunRecord, evaluation: Evaluation, progress: Progress, models: ModelSet) => void;
  /** No new samples once aborted. */
  readonly drain?: AbortSignal;
  /** Calls in flight end too. */
  readonly stop?: AbortSignal;
  /** Told of what a reader should know before the run starts. */
  readonly onNote?: (text: string) => void;
  /** Fetches what a model needs before it is opened (weights by name). */
  readonly prepareModel?: (spec: string, role: ModelRole) => Promise<void>;
  readonly modelConfig?: ModelConfig | undefined;
  /** Models that stay open between runs; where absent, each run opens its own and closes them. */
  readonly models?: ModelSet | undefined;
}

export interface EvaluationEnd {
  readonly run: RunRecord;
  readonly outcome: RunOutcome;
  /** Without `samples`, however many there are: `withSamples` reads them from the store. */
  readonly summary: Summary;
}

/** Starts a new run of what `config` says and carries it to its end, however it ends. */
export async function startRun(config: RunConfigInput, store: Store, hooks: RunHooks = {}): Promise<EvaluationEnd> {
  const asked = runConfigSchema.parse(config);
  const evaluation = await openEvaluation(asked, { onNote: hooks.onNote, signal: hooks.stop });
  const parsed = { ...asked, models: await modelsWithDefaults(asked.models, evaluation.benchmark, hooks) };
  const method = createMethod(parsed.method ?? 'direct');
  requireRoles(method, parsed.models);
  return withModels(parsed, hooks, async (models, set) => {
    const now = Date.now();
    const run: RunRecord = {
      id: createRunId(),
      benchmark: evaluation.benchmark.name,
      mode: evaluation.mode,
      state: 'running',
      createdAt: now,
      updatedAt: now,
      config: JSON.parse(JSON.stringify(parsed)) as JsonObject,
      hashes: { data: evaluation.opened.dataHash, code: codeHash() },
      completed: 0,
      failed: 0,
    };
    await store.createRun(run);
    return locked(store, run.id, () =>
      execute({ run, config: parsed, evaluation, method, models, set, store, hooks, resumed: false }),
    );
  });
}

/** Takes an earlier run up again: results are kept, journaled calls are not made again. */
export async function resumeRun(
  id: string,
  store: Store,
  hooks: RunHooks & { readonly changes?: Partial<Pick<RunConfig, 'budget' | 'concurrency' | 'keepGoing'>> } = {},
): Promise<EvaluationEnd> {
  const run = await store.getRun(id);
  if (run === undefined) throw unknownRun(id);
  const kept = runConfigSchema.safeParse(run.config);
  if (!kept.success) {
    throw new FettleError(`The run ${run.id} was made by a version of Fettle whose settings this one cannot read.`, {
      code: 'run-config',
      hint: 'Resume it with the version that started it.',
      cause: kept.error,
    });
  }
  if (kept.data.target.kind === 'served') {
    throw usageError(`The run ${run.id} holds requests that clients sent; there is nothing to go on with.`, {
      code: 'run-served',
      hint: 'Start `fettle serve` with the same words: it goes on with this run.',
    });
  }
  const config: RunConfig = { ...kept.data, ...hooks.changes };
  const evaluation = await openEvaluation(config, { onNote: hooks.onNote, signal: hooks.stop });
  if (evaluation.opened.dataHash !== run.hashes.data) {
    throw new FettleError(`The data of run ${run.id} has changed since it was started.`, {
      code: 'data-changed',
      where: evaluation.opened.location,
      hint: 'Restore the data as it was, or start a new run with --cache so that equal calls are not paid twice.',
    });
  }
  const method = createMethod(config.method ?? 'direct');
  return withModels(config, hooks, async (models, set) => {
    return locked(store, run.id, async () => {
      await store.updateRun(run.id, { state: 'running', error: undefined });
      return execute({ run, config, evaluation, method, models, set, store, hooks, resumed: true });
    });
  });
}

export function unknownRun(id: string): FettleError {
  return new FettleError(`There is no run "${id}".`, {
    code: 'unknown-run',
    hint: '`fettle runs` lists what there is; `last` stands for the newest.',
    exitCode: 2,
  });
}

/** One process carries a run on at a time. */
async function locked<T>(store: Store, runId: string, work: () => Promise<T>): Promise<T> {
  const lock = await store.lockRun?.(runId);
  try {
    return await work();
  } finally {
    lock?.release();
  }
}

/** `none` is no model; where nothing is named, the benchmark's default is taken if it can be had. */
async function modelsWithDefaults(
  models: RunConfig['models'],
  benchmark: Benchmark,
  hooks: RunHooks,
): Promise<RunConfig['models']> {
  const given = models.embedder;
  if (given !== undefined) return { ...models, embedder: given === 'none' ? undefined : given };
  const usual = benchmark.defaultModels?.embedder;
  if (usual === undefined) return models;
  try {
    await hooks.prepareModel?.(usual, 'embedder');
    return { ...models, embedder: usual };
  } catch (error) {
    if (!FettleError.isInstance(error)) throw error;
    hooks.onNote?.(`${error.message} What it would have scored is reported as not scored.`);
    return models;
  }
}

async function withModels<T>(
  config: RunConfig,
  hooks: RunHooks,
  use: (models: ModelsByRole, set: ModelSet) => Promise<T>,
): Promise<T> {
  const set =
    hooks.models ??
    createModels({ config: hooks.modelConfig, concurrency: config.concurrency, onWarning: hooks.onNote });
  try {
    const { tiling } = config;
    const models = await resolveRoles(config.models, set, hooks.prepareModel, (model, role) =>
      role === 'main' && tiling !== undefined ? tiledModel(model, tiling) : model,
    );
    return await use(models, set);
  } finally {
    if (hooks.models === undefined) await set.close();
  }
}

interface Execution {
  readonly run: RunRecord;
  readonly config: RunConfig;
  readonly evaluation: Evaluation;
  readonly method: Method;
  readonly models: ModelsByRole;
  readonly set: ModelSet;
  readonly store: Store;
  readonly hooks: RunHooks;
  readonly resumed: boolean;
}

async function execute(execution: Execution): Promise<EvaluationEnd> {
  const { run, config, evaluation, method, models, set, store, hooks, resumed } = execution;
  const progress = createProgress();
  hooks.onStart?.(run, evaluation, progress, set);
  const begin = performance.now();
  const secondsBefore = secondsOf(run.summary);
  let outcome: RunOutcome;
  try {
    outcome = await runTasks({
      runId: run.id,
      store,
      tasks: evaluation.opened.tasks,
      models,
      method,
      methodForAll: config.method !== undefined,
      concurrency: samplesInFlight(config, models.main),
      epochs: config.epochs,
      limit: evaluation.opened.limited === true ? undefined : config.limit,
      seed: config.seed,
      settings: definedOnly(config.settings),
      budget: config.budget,
      alreadySpent: resumed ? await spentBy(store, [run]) : undefined,
      useCache: config.useCache,
      siblings: config.comparison?.siblings,
      resumed,
      drain: hooks.drain,
      stop: hooks.stop,
      progress,
      keepGoing: config.keepGoing,
    });
  } catch (error) {
    await store.updateRun(run.id, { state: 'failed', error: errorRecord(error) }).catch(() => undefined);
    throw error;
  }
  await settleRun(evaluation.opened, store, run.id);
  const seconds = secondsBefore + (performance.now() - begin) / 1000;
  const summary = await summarize({
    benchmark: evaluation.benchmark,
    mode: evaluation.mode,
    tasks: evaluation.opened.tasks,
    results: store.results(run.id),
    run: {
      id: run.id,
      models: Object.fromEntries(Object.entries(models).map(([role, model]) => [role, model?.id ?? ''])),
      seconds,
      method: methodLabel(config),
      seed: config.seed,
      createdAt: run.createdAt,
      hashes: { ...run.hashes, prompts: outcome.promptsHash },
      command: config.command,
      notes: evaluation.opened.notes,
    },
    includeSamples: false,
  });
  const change = {
    state: outcome.state,
    completed: outcome.completed,
    failed: outcome.failed,
    total: progress.total,
    error: outcome.error,
    hashes: { ...run.hashes, prompts: outcome.promptsHash },
    summary: JSON.parse(JSON.stringify(summary)) as JsonObject,
  };
  await store.updateRun(run.id, change);
  return { run: { ...run, ...change }, outcome, summary };
}

/**
 * More samples than calls: while some wait for the journal's disk, others use their places at the endpoint.
 * The limiter keeps the calls in flight to what was asked for.
 */
function samplesInFlight(config: RunConfig, main: Model): number {
  if (config.concurrency !== undefined) return Math.floor(config.concurrency * 1.25);
  return Math.min(defaultConcurrency, (main.maxConcurrency ?? defaultConcurrency) * 2);
}

/** Clock seconds of earlier starts, as their summaries say; a start that was killed left none. */
function secondsOf(summary: RunRecord['summary']): number {
  if (typeof summary !== 'object' || summary === null || !('seconds' in summary)) return 0;
  return typeof summary.seconds === 'number' ? summary.seconds : 0;
}

function definedOnly<T extends object>(settings: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
