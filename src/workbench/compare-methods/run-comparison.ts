import type { Budget, RunRecord, Store } from '../../core/index.ts';
import { budgetExhaustedCode, FettleError } from '../../core/index.ts';
import { createMethod } from '../../methods/index.ts';
import { createModels, type ModelConfig } from '../../models/index.ts';
import { openEvaluation } from '../open-evaluation.ts';
import { requireRoles } from '../require-roles.ts';
import { type RunConfig, type RunConfigInput, runConfigSchema } from '../run-config.ts';
import { type EvaluationEnd, resumeRun, type RunHooks, startRun } from '../run-evaluation.ts';
import { createRunId } from '../run-id.ts';
import { spentBy, type Spent } from './spent-by.ts';
import { type StoredComparison, storedComparison } from './stored-comparison.ts';

export interface ComparisonHooks {
  readonly modelConfig?: ModelConfig | undefined;
  readonly onNote?: (text: string) => void;
  /** Told of every method's turn; what it gives watches that method's run. */
  readonly watch?: (turn: { readonly spec: string; readonly place: number; readonly of: number }) => Promise<{
    readonly hooks: RunHooks;
    end(): void;
  }>;
}

export interface ComparisonEnd {
  readonly id: string;
  readonly state: 'completed' | 'interrupted' | 'failed';
  /** Why it stopped, where it did not complete. */
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string | undefined } | undefined;
}

export type ComparisonSettings = Omit<RunConfigInput, 'method' | 'comparison'>;

/**
 * Runs several methods on the same samples, each as a stored run of its own, one after the other. Equal requests of the
 * same sample are answered from the journals of the runs before, unless `share` is false.
 *
 * `settings.budget` limits all runs together. Method names, roles and data are checked before anything is asked.
 */
export async function compareMethods(
  specs: readonly string[],
  settings: ComparisonSettings & { readonly share?: boolean },
  store: Store,
  hooks: ComparisonHooks = {},
): Promise<ComparisonEnd> {
  const { share = true, ...rest } = settings;
  const config = runConfigSchema.parse({
    ...rest,
    comparison: { id: `c-${createRunId()}`, methods: specs, place: 0, share, budget: settings.budget },
  });
  return carryOn({ ...fresh(config), runs: specs.map(() => undefined) }, store, hooks);
}

/** Takes a comparison up again: completed runs are kept, journaled calls are not made again. */
export async function resumeComparison(
  id: string,
  store: Store,
  hooks: ComparisonHooks & { readonly budget?: Budget | undefined; readonly concurrency?: number | undefined } = {},
): Promise<ComparisonEnd> {
  const stored = await storedComparison(store, id);
  const { config } = stored;
  const budget = definedLimits(hooks.budget) ?? config.comparison.budget;
  const changed = { ...config, comparison: { ...config.comparison, budget } };
  return carryOn(
    { ...stored, config: hooks.concurrency === undefined ? changed : { ...changed, concurrency: hooks.concurrency } },
    store,
    hooks,
  );
}

function fresh(config: RunConfig): Omit<StoredComparison, 'runs'> {
  const comparison = config.comparison as StoredComparison['config']['comparison'];
  return { id: comparison.id, methods: comparison.methods, config: { ...config, comparison } };
}

async function carryOn(comparison: StoredComparison, store: Store, hooks: ComparisonHooks): Promise<ComparisonEnd> {
  const { id, methods, config, runs } = comparison;
  for (const spec of methods) requireRoles(createMethod(spec), config.models);
  noteOwnVerifier(comparison, hooks);
  // Data that cannot be read stops the comparison here, not after the first method.
  await openEvaluation(config);
  const begin = performance.now();
  const done: (RunRecord | undefined)[] = [...runs];
  const models = createModels({
    config: hooks.modelConfig,
    concurrency: config.concurrency,
    onWarning: hooks.onNote,
  });
  const said = new Set<string>();
  const onNote = (text: string): void => {
    if (!said.has(text)) hooks.onNote?.(text);
    said.add(text);
  };
  try {
    for (const [place, spec] of methods.entries()) {
      const before = done[place];
      if (before?.state === 'completed') continue;
      const others = done.filter((run, i) => run !== undefined && i !== place) as RunRecord[];
      const budget = remaining(config.comparison.budget, await spentBy(store, others), performance.now() - begin);
      const used = usedUp(budget);
      if (used !== undefined) return { id, state: 'interrupted', error: used };
      const watched = await hooks.watch?.({ spec, place, of: methods.length });
      try {
        const runHooks: RunHooks = { modelConfig: hooks.modelConfig, ...watched?.hooks, onNote, models };
        const end =
          before === undefined
            ? await startRun(configOf(comparison, place, done, budget), store, runHooks)
            : await resumeRun(before.id, store, { ...runHooks, changes: changesOf(config, budget) });
        done[place] = end.run;
        if (end.outcome.state !== 'completed') return stopped(id, end);
        if (runHooks.drain?.aborted === true && place < methods.length - 1) return { id, state: 'interrupted' };
      } finally {
        watched?.end();
      }
    }
    return { id, state: 'completed' };
  } finally {
    await models.close();
  }
}

function noteOwnVerifier({ config: { models }, methods }: StoredComparison, { onNote }: ComparisonHooks): void {
  if (models.verifier !== undefined) return;
  const verifying = methods.filter((spec) => 'verify' in createMethod(spec).options);
  if (verifying.length === 0) return;
  onNote?.(`${models.main} verifies its own steps in ${verifying.join(', ')}: no --verifier is named.`);
}

function changesOf(
  { keepGoing, concurrency }: RunConfig,
  budget: Budget,
): Partial<Pick<RunConfig, 'budget' | 'concurrency' | 'keepGoing'>> {
  return { budget, keepGoing, ...(concurrency === undefined ? {} : { concurrency }) };
}

function configOf(
  { config, methods }: StoredComparison,
  place: number,
  done: readonly (RunRecord | undefined)[],
  budget: Budget,
): RunConfigInput {
  const siblings = config.comparison.share
    ? done.flatMap((run, i) => (run === undefined || i >= place ? [] : [run.id]))
    : [];
  return {
    ...config,
    method: methods[place],
    budget: { ...budget },
    comparison: { ...config.comparison, place, siblings },
  };
}

function stopped(id: string, { outcome }: EvaluationEnd): ComparisonEnd {
  const { state, error } = outcome;
  return { id, state: state === 'failed' ? 'failed' : 'interrupted', ...(error === undefined ? {} : { error }) };
}

function definedLimits(budget: Budget | undefined): Record<string, number> | undefined {
  if (budget === undefined) return undefined;
  const limits: Record<string, number> = {};
  for (const [name, value] of Object.entries(budget)) if (typeof value === 'number') limits[name] = value;
  return Object.keys(limits).length === 0 ? undefined : limits;
}

/** What the other runs have left of the common limits. A run that is resumed counts its own spending itself. */
function remaining(limits: Budget, spent: Spent, elapsedMs: number): Budget {
  const left: { tokens?: number; calls?: number; seconds?: number; cost?: number } = {};
  if (limits.tokens !== undefined) left.tokens = limits.tokens - spent.tokens;
  if (limits.calls !== undefined) left.calls = limits.calls - spent.calls;
  if (limits.cost !== undefined) left.cost = limits.cost - spent.cost;
  if (limits.seconds !== undefined) left.seconds = limits.seconds - elapsedMs / 1000;
  return left;
}

function usedUp(budget: Budget): FettleError | undefined {
  const name = Object.entries(budget).find(([, left]) => typeof left === 'number' && left <= 0)?.[0];
  if (name === undefined) return undefined;
  return new FettleError(`The budget of ${name} is used up.`, {
    code: budgetExhaustedCode,
    hint: 'Everything so far is kept. Go on with --resume and a larger --budget.',
  });
}
