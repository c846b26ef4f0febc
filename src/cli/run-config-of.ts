import { resolve } from 'node:path';
import type { RunConfigInput } from '../workbench/run-config.ts';
import { commandLine } from './command-line.ts';
import type { CliContext } from './context.ts';
import type { EvaluationOptions } from './evaluation-options.ts';
import { benchmarkOptions, targetOf } from './target.ts';
import { tilingOf } from './tiling-of.ts';

/** Absolute where it is a path: `resume` may be typed in another folder. */
function absoluteData(data: string | undefined): string | undefined {
  return data === undefined || data === 'demo' ? data : resolve(data);
}

/** What the words of a command line ask for, as a run keeps it. */
export function runConfigOf(word: string, options: EvaluationOptions, context: CliContext): RunConfigInput {
  const target = targetOf(word, options);
  return {
    target: target.kind === 'benchmark' ? target : { ...target, path: resolve(target.path) },
    data: absoluteData(options.data),
    mode: options.mode,
    tasks: options.tasks,
    options: benchmarkOptions(options),
    models: {
      main: options.model,
      judge: options.judge,
      verifier: options.verifier,
      embedder: options.embedder,
    },
    method: options.method,
    tiling: tilingOf(options),
    limit: options.limit,
    epochs: options.epochs ?? 1,
    settings: {
      maxTokens: options.maxTokens,
      temperature: options.temperature,
      topP: options.topP,
      topK: options.topK,
      stop: options.stop,
    },
    ...callConfigOf(options, context),
  };
}

/** How calls are made, and what the run was asked with: the same for every command that starts a run. */
export function callConfigOf(
  options: Partial<Pick<EvaluationOptions, 'seed' | 'concurrency' | 'budget' | 'cache' | 'keepGoing'>>,
  context: CliContext,
) {
  return {
    seed: options.seed ?? 0,
    concurrency: options.concurrency,
    budget: options.budget ?? {},
    useCache: options.cache === true,
    keepGoing: options.keepGoing === true,
    configFile: context.configFile === undefined ? undefined : resolve(context.configFile),
    command: commandLine(),
  } satisfies Partial<RunConfigInput>;
}
