import type { Store } from '../core/index.ts';
import type { EvaluationEnd, RunHooks } from '../workbench/index.ts';
import { brokenFigures, hasBrokenFigure } from './broken-figures.ts';
import { printable } from './console.ts';
import type { CliContext } from './context.ts';
import { type Gate, missedGates } from './gates.ts';
import { drawProgress } from './progress-line.ts';

/** Signals, progress and model downloads of one run that a person watches. */
export async function runHooks(
  context: CliContext,
  configFile: string | undefined,
): Promise<{ hooks: RunHooks; end(): void }> {
  const { loadModelConfig } = await import('../models/index.ts');
  const { fetchModelIfMissing } = await import('./fetch-model.ts');
  const drain = new AbortController();
  const stop = new AbortController();
  let drawn: { end(): void } | undefined;

  // First Ctrl-C: no new samples. Second: calls in flight end too. Third: the default, which kills.
  const onInterrupt = (): void => {
    if (!drain.signal.aborted) {
      drain.abort();
      context.note(
        '\nEnding after the samples in flight; press Ctrl-C again to stop at once. Nothing is lost either way.',
      );
    } else {
      stop.abort(new Error('interrupted'));
      process.off('SIGINT', onInterrupt);
    }
  };
  const onTerminate = (): void => {
    drain.abort();
    stop.abort(new Error('terminated'));
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);

  return {
    hooks: {
      modelConfig: await loadModelConfig(configFile),
      onNote: (text) => context.note(`note: ${text}`),
      drain: drain.signal,
      stop: stop.signal,
      prepareModel: (spec) => fetchModelIfMissing(spec, context),
      onStart: (run, evaluation, progress, models) => {
        context.note(
          `run ${run.id} · ${evaluation.benchmark.name} (${evaluation.mode}) · ${evaluation.opened.location}`,
        );
        for (const note of evaluation.opened.notes ?? []) context.note(`note: ${note}`);
        if (context.quiet) return;
        drawn = drawProgress({
          progress,
          limits: () => models.limiters(),
          write: (text) => context.console.err(text),
          isTerminal: context.console.errIsTerminal,
          columns: () => process.stderr.columns ?? 80,
        });
      },
    },
    end() {
      drawn?.end();
      drawn = undefined;
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}

/** Prints what a run came to and sets the exit code. */
export async function endRun(
  { run, outcome, summary }: EvaluationEnd,
  store: Store,
  context: CliContext,
  options: { readonly gates: readonly Gate[]; readonly reportFile: string | undefined },
): Promise<void> {
  if (context.json) {
    const { withSamples } = await import('../workbench/index.ts');
    context.printJson(await withSamples(store, run.id, summary));
  } else {
    const { renderTable } = await import('../report/index.ts');
    context.console.out(renderTable(summary, { width: context.console.width, color: context.console.color }));
  }
  if (options.reportFile !== undefined) {
    const { writeReport } = await import('./write-report.ts');
    await writeReport(store, [run.id], options.reportFile, context);
  }
  if (outcome.state !== 'completed') {
    const { errorText } = await import('./console.ts');
    const { FettleError } = await import('../core/index.ts');
    const error = outcome.error;
    context.console.err(
      errorText(
        new FettleError(
          `The run ${run.id} ${outcome.state === 'failed' ? 'failed' : 'stopped early'}${error === undefined ? '' : `: ${error.message}`}`,
          {
            code: error?.code ?? 'interrupted',
            where: error?.where,
            hint: error?.hint ?? `Go on with: fettle resume ${run.id}`,
          },
        ),
        (text) => text,
      ),
    );
    process.exitCode = 1;
    return;
  }
  context.note(`Stored as ${run.id} in ${context.home}. Look closer with: fettle show ${run.id}`);
  for (const line of brokenFigures({ ...summary, errors: [] })) context.console.err(`error: ${printable(line)}\n`);
  if (hasBrokenFigure(summary) || (outcome.completed === 0 && outcome.failed > 0)) process.exitCode = 1;
  const missed = missedGates(summary, options.gates);
  if (missed.length > 0) {
    for (const line of missed) context.console.err(`gate missed: ${printable(line)}\n`);
    process.exitCode = 3;
  }
}
