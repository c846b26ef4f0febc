import type { RunRecord, Store } from '../core/index.ts';
import type { CliContext } from './context.ts';

export async function compareAction(store: Store, runs: readonly RunRecord[], context: CliContext): Promise<void> {
  const { compareRuns, renderComparison } = await import('../report/index.ts');
  const { tasksOfRun, summaryOf } = await import('../workbench/index.ts');
  const sides = [];
  for (const run of runs) {
    sides.push({ run, summary: await summaryOf(store, run), results: () => store.results(run.id) });
  }
  const [first] = runs;
  const comparison = await compareRuns(sides, {
    // How a task's figure is made (micro-F1 from sums, say) is known to the benchmark, not to the store.
    tasks: first === undefined ? [] : await tasksOfRun(first),
  });
  if (context.json) context.printJson(comparison);
  else
    context.console.out(renderComparison(comparison, { width: context.console.width, color: context.console.color }));
}
