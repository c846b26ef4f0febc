import { Command } from 'commander';
import type { RunRecord } from '../../core/index.ts';
import { printable } from '../console.ts';
import { contextOf, findRun, withStore } from '../context.ts';
import { wholeNumber } from '../parse-options.ts';

function when(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

function overall(run: RunRecord): string {
  const summary = run.summary;
  if (typeof summary !== 'object' || summary === null || !('overall' in summary)) return '';
  return typeof summary.overall === 'number' ? summary.overall.toFixed(4) : '-';
}

function mainModel(run: RunRecord): string {
  const models = run.config['models'];
  if (typeof models !== 'object' || models === null || !('main' in models)) return '';
  return String(models.main);
}

function methodOf(run: RunRecord): string {
  const method = run.config['method'];
  return typeof method === 'string' ? method : '';
}

export function runsCommand(): Command {
  const command = new Command('runs')
    .description('List the runs of the store, newest first.')
    .option('--limit <n>', 'so many at most', wholeNumber(1), 50)
    .option('--delete <run>', 'remove a run with its journal and results')
    .option('--salvage', 'rescue what is readable from a damaged store into a fresh one');
  command.action(async (options: { limit: number; delete?: string; salvage?: boolean }) => {
    const context = contextOf(command);
    if (options.salvage === true) {
      const { salvageStore } = await import('../../store/index.ts');
      const report = await salvageStore(context.home);
      if (context.json) context.printJson(report);
      else context.console.out(`${JSON.stringify(report, null, 2)}\n`);
      return;
    }
    await withStore(context, async (store) => {
      if (options.delete !== undefined) {
        const run = await findRun(store, options.delete);
        await store.deleteRun(run.id);
        await store.sweepBlobs();
        if (context.json) context.printJson({ deleted: run.id });
        else context.console.out(`Deleted ${run.id}.\n`);
        return;
      }
      const runs = (await store.listRuns()).slice(0, options.limit);
      if (context.json) {
        context.printJson(runs.map(({ summary: _summary, ...run }) => run));
        return;
      }
      if (runs.length === 0) {
        context.console.out(`No runs in ${context.home} yet. Start one with: fettle run …\n`);
        return;
      }
      const rows = runs.map((run) => [
        run.id,
        run.state,
        `${run.completed}${run.total === undefined ? '' : `/${run.total}`}${run.failed > 0 ? ` (${run.failed} failed)` : ''}`,
        overall(run),
        when(run.createdAt),
        `${run.benchmark} (${run.mode})`,
        mainModel(run),
        methodOf(run),
      ]);
      const head = ['run', 'state', 'samples', 'overall', 'started', 'benchmark', 'model', 'method'];
      const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
      for (const row of [head, ...rows]) {
        const line = row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
        context.console.out(`${printable(line).trimEnd()}\n`);
      }
    });
  });
  return command;
}
