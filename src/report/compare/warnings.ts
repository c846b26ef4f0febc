import { formatInteger, plural } from '../format.ts';
import type { RunForReport } from '../run-for-report.ts';

/** What a reader must know before believing a difference. */
export function comparisonWarnings(
  first: RunForReport,
  second: RunForReport,
  counts: { readonly pairs: number; readonly onlyFirst: number; readonly onlySecond: number },
): string[] {
  const warnings: string[] = [];
  const a = first.summary;
  const b = second.summary;
  if (a.benchmark !== b.benchmark) {
    warnings.push(`the benchmarks differ: ${a.benchmark ?? 'none'} and ${b.benchmark ?? 'none'}`);
  }
  if (a.mode !== b.mode) warnings.push(`the scoring modes differ: ${a.mode} and ${b.mode}`);
  const hashes = [first.run?.hashes ?? a.details?.hashes, second.run?.hashes ?? b.details?.hashes];
  const differ = (key: 'data' | 'prompts' | 'code'): boolean =>
    hashes[0]?.[key] !== undefined && hashes[1]?.[key] !== undefined && hashes[0][key] !== hashes[1][key];
  if (differ('data')) warnings.push('the data differ (other hash): equal ids may be other questions');
  if (differ('prompts')) warnings.push('the prompts differ (other hash)');
  if (differ('code')) warnings.push('the code differs (other hash): scoring may have changed between the runs');
  for (const { run, summary } of [first, second]) {
    if (run !== undefined && run.state !== 'completed')
      warnings.push(`the run ${summary.run ?? run.id} is ${run.state}`);
  }
  const epochs = [a, b].map((summary) => Math.max(1, ...Object.values(summary.tasks).map((task) => task.epochs ?? 1)));
  if (epochs[0] !== epochs[1]) warnings.push(`the numbers of epochs differ: ${epochs.join(' and ')}`);
  if (counts.pairs === 0) warnings.push('the runs have no sample in common');
  else if (counts.onlyFirst + counts.onlySecond > 0) {
    warnings.push(
      `${plural(counts.onlyFirst, 'sample')} only in the first and ${formatInteger(counts.onlySecond)} only in the second are left out`,
    );
  }
  return warnings;
}
