import { resolve } from 'node:path';
import { FettleError, type ModelsByRole, usageError } from '../core/index.ts';
import type { RunConfig } from '../workbench/run-config.ts';
import { brokenFigures, hasBrokenFigure } from './broken-figures.ts';
import type { CliContext } from './context.ts';
import type { ScoreOptions } from './commands/score.ts';
import { printable } from './console.ts';
import { missedGates } from './gates.ts';
import { benchmarkOptions, targetOf } from './target.ts';

export async function scoreAction(word: string, options: ScoreOptions, context: CliContext): Promise<void> {
  const { explainModes, openEvaluation, readReplies, scoreReplies } = await import('../workbench/index.ts');
  const { createModels, loadModelConfig } = await import('../models/index.ts');
  const { summarize } = await import('../report/index.ts');
  const { fetchModelIfMissing } = await import('./fetch-model.ts');

  const config: Pick<RunConfig, 'target' | 'mode' | 'data' | 'tasks' | 'options'> = {
    target: targetOf(word, options),
    mode: options.mode,
    data: options.data,
    tasks: options.tasks,
    options: benchmarkOptions(options),
  };
  const { benchmark, mode, opened } = await openEvaluation(config, { repliesOnly: true, replies: options.replies });
  const replies = await readReplies(options.replies, benchmark);
  const set = createModels({ config: await loadModelConfig(context.configFile) });
  try {
    const models: { -readonly [role in keyof ModelsByRole]?: ModelsByRole[role] } = {};
    const embedder = options.embedder === 'none' ? undefined : (options.embedder ?? benchmark.defaultModels?.embedder);
    for (const [role, spec] of [
      ['embedder', embedder],
      ['judge', options.judge],
    ] as const) {
      if (spec === undefined) continue;
      try {
        await fetchModelIfMissing(spec, context);
        models[role] = await set.resolve(spec);
      } catch (error) {
        // A default that cannot be had leaves tasks unscored; what was asked for by name has to be there.
        if (role !== 'embedder' || options.embedder !== undefined || !FettleError.isInstance(error)) throw error;
        context.note(`note: ${error.message} What it would have scored is reported as not scored.`);
      }
    }
    const join = { source: options.replies, models, missing: options.missing };
    const { results, notes } = await scoreReplies({ opened, replies, ...join });
    const summary = await summarize({
      benchmark,
      mode,
      tasks: opened.tasks,
      results,
      includeSamples: true,
    });
    const differences =
      options.explainModes === true ? await explainModes(benchmark, config, replies, join) : undefined;
    const allNotes = [...(opened.notes ?? []), ...notes];
    if (context.json) {
      context.printJson({
        ...summary,
        notes: [...summary.notes, ...allNotes],
        ...(differences === undefined ? {} : { differences }),
      });
    } else {
      const { renderTable } = await import('../report/index.ts');
      context.console.out(
        renderTable(
          { ...summary, notes: [...summary.notes, ...allNotes] },
          { width: context.console.width, color: context.console.color },
        ),
      );
      if (differences !== undefined) {
        const { differencesText } = await import('./mode-differences.ts');
        context.console.out(differencesText(differences, benchmark.modes));
      }
    }
    if (context.json) for (const note of notes) context.note(`note: ${note}`);
    for (const { where, message } of summary.errors.slice(0, 10)) {
      context.console.err(`error: ${printable(`${where}: ${message}`)}\n`);
    }
    for (const line of brokenFigures(summary)) context.console.err(`error: ${printable(line)}\n`);
    if (hasBrokenFigure(summary)) process.exitCode = 1;
    const missed = missedGates(summary, options.failUnder ?? []);
    for (const line of missed) context.console.err(`gate missed: ${printable(line)}\n`);
    if (missed.length > 0) process.exitCode = 3;
  } finally {
    await set.close();
  }
  if (opened.tasks.length === 0) {
    throw usageError('The data holds no task.', { where: resolve(options.data ?? '.') });
  }
}
