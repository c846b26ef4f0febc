import { resolve } from 'node:path';
import type { RunConfigInput } from '../workbench/run-config.ts';
import { commandLine } from './command-line.ts';
import type { CliContext } from './context.ts';
import { withStore } from './context.ts';
import type { EvaluationOptions } from './evaluation-options.ts';
import { endRun, runHooks } from './run-session.ts';
import { benchmarkOptions, targetOf } from './target.ts';
import { tilingOf } from './tiling-of.ts';

/** Absolute where it is a path: `resume` may be typed in another folder. */
function absoluteData(data: string | undefined): string | undefined {
  return data === undefined || data === 'demo' ? data : resolve(data);
}

function configOf(word: string, options: EvaluationOptions, context: CliContext): RunConfigInput {
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
    seed: options.seed ?? 0,
    concurrency: options.concurrency,
    settings: {
      maxTokens: options.maxTokens,
      temperature: options.temperature,
      topP: options.topP,
      topK: options.topK,
      stop: options.stop,
    },
    budget: options.budget ?? {},
    useCache: options.cache === true,
    keepGoing: options.keepGoing === true,
    configFile: context.configFile === undefined ? undefined : resolve(context.configFile),
    command: commandLine(),
  };
}

export async function runAction(word: string, options: EvaluationOptions, context: CliContext): Promise<void> {
  const { startRun } = await import('../workbench/index.ts');
  const config = configOf(word, options, context);
  await withStore(context, async (store) => {
    const session = await runHooks(context, config.configFile);
    try {
      const end = await startRun(config, store, session.hooks);
      session.end();
      await endRun(end, store, context, { gates: options.failUnder ?? [], reportFile: options.out });
    } finally {
      session.end();
    }
  });
}
