import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Store, usageError } from '../core/index.ts';
import type { EvaluationEnd, RunHooks } from '../workbench/index.ts';
import type { RunConfigInput } from '../workbench/run-config.ts';
import type { StepLabelsOptions } from './commands/data-make.ts';
import { printable } from './console.ts';
import { type CliContext, findRun, withStore } from './context.ts';
import { callConfigOf } from './run-config-of.ts';
import { runHooks } from './run-session.ts';
import { targetOf } from './target.ts';

/** `fettle data make step-labels`: a run of the method that makes labels, and their file at its end. */
export async function stepLabelsAction(word: string, options: StepLabelsOptions, context: CliContext): Promise<void> {
  const { resumeRun, startRun } = await import('../workbench/index.ts');
  const out = resolve(options.out);
  // Before anything is paid for.
  if (existsSync(out) && options.force !== true) {
    throw usageError(`${options.out} exists already`, {
      where: '--out',
      hint: 'Name another file, or add --force to replace it.',
    });
  }
  if (!existsSync(dirname(out))) {
    throw usageError(`There is no folder ${dirname(out)}`, { where: '--out', hint: 'Make the folder first.' });
  }
  const resumed = options.resume;
  await withStore(context, async (store) => {
    if (resumed === undefined) {
      const config = await configOf(word, options, context);
      await carry((hooks) => startRun(config, store, hooks), config.configFile, store, out, options, context);
      return;
    }
    const run = await findRun(store, resumed);
    if (!String(run.config['method']).startsWith('step-labels')) {
      throw usageError(`The run ${run.id} makes no labels of steps.`, { where: '--resume' });
    }
    if (run.state === 'completed') {
      await finish(run.id, store, out, options, context);
      return;
    }
    const kept = typeof run.config['configFile'] === 'string' ? run.config['configFile'] : undefined;
    const changes = {
      ...(options.budget !== undefined && { budget: options.budget }),
      ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
      ...(options.keepGoing !== undefined && { keepGoing: options.keepGoing }),
    };
    const go = (hooks: RunHooks): Promise<EvaluationEnd> => resumeRun(run.id, store, { ...hooks, changes });
    await carry(go, context.configFile ?? kept, store, out, options, context);
  });
}

async function carry(
  go: (hooks: RunHooks) => Promise<EvaluationEnd>,
  configFile: string | undefined,
  store: Store,
  out: string,
  options: StepLabelsOptions,
  context: CliContext,
): Promise<void> {
  const session = await runHooks(context, configFile);
  let end: EvaluationEnd;
  try {
    end = await go(session.hooks);
  } finally {
    session.end();
  }
  const { run, outcome } = end;
  if (outcome.state === 'completed') {
    await finish(run.id, store, out, options, context);
    return;
  }
  const { FettleError } = await import('../core/index.ts');
  throw new FettleError(`The run ${run.id} stopped early: ${outcome.error?.message ?? 'interrupted'}`, {
    code: outcome.error?.code ?? 'interrupted',
    where: outcome.error?.where,
    hint: `${outcome.error?.hint === undefined || outcome.error.code === 'budget-exhausted' ? '' : `${outcome.error.hint} `}No file is written. Go on with: fettle data make step-labels --resume ${run.id} --out ${options.out}`,
  });
}

async function finish(
  runId: string,
  store: Store,
  out: string,
  options: StepLabelsOptions,
  context: CliContext,
): Promise<void> {
  const { writeStepLabels } = await import('../workbench/index.ts');
  const { leafless, force = false } = options;
  const written = await writeStepLabels(store, runId, out, { leafless, force });
  if (context.json) {
    context.printJson({ run: runId, file: out, ...written });
    return;
  }
  const { rows, samples, without, meanAccuracy } = written;
  const mean = meanAccuracy === null ? '' : `, mean label ${meanAccuracy.toFixed(3)}`;
  context.console.out(`${printable(`${rows} rows of ${samples} problems${mean}  ${options.out}`)}\n`);
  if (without > 0) context.note(`note: ${without} problems gave no rows: they failed, or no step was written`);
  if (written.leafless > 0) {
    const what = leafless === 'keep' ? 'are kept with the label 0' : 'are left out';
    context.note(`note: ${written.leafless} beginnings led to no answer and ${what}`);
  }
  context.note(`Stored as ${runId} in ${context.home}. Look closer with: fettle show ${runId}`);
}

async function configOf(word: string, options: StepLabelsOptions, context: CliContext): Promise<RunConfigInput> {
  if (options.model === undefined) {
    throw usageError('No model is named.', { where: '--model', hint: 'Name the model that writes the steps.' });
  }
  const target = targetOf(word, {});
  const { mathBenchmarkNames } = await import('../benchmarks/index.ts');
  const ofProblems = target.kind === 'benchmark' && mathBenchmarkNames.has(target.name);
  if (options.split !== undefined && !ofProblems) {
    throw usageError(`${word} has no splits.`, { where: '--split', hint: 'Give the file of the split itself.' });
  }
  const split = options.split ?? options.option?.['split'] ?? 'train';
  const given: Record<string, unknown> = {
    labels: options.labels,
    depth: options.depth,
    children: options.children,
    nodes: options.nodes,
    editDistance: options.editDistance,
    rollouts: options.rollouts,
    paths: options.paths,
    grade: options.grade,
    temperature: options.temperature,
    topP: options.topP,
    stepTokens: options.maxTokens,
  };
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return {
    target: target.kind === 'benchmark' ? target : { ...target, path: resolve(target.path) },
    data: options.data === undefined ? undefined : resolve(options.data),
    tasks: options.tasks,
    options: { ...options.option, ...(ofProblems && { split }) },
    models: { main: options.model, embedder: 'none' },
    method: `step-labels:${named.map(([name, value]) => `${name}=${String(value)}`).join(',')}`,
    limit: options.limit,
    settings: { maxTokens: options.maxTokens ?? 512 },
    ...callConfigOf(options, context),
  };
}
