/** What a run amounts to: figures with intervals, tables, comparisons, the HTML report and exports. */
export { escapeTerminal } from './escape-terminal.ts';
export { exportFormats, exportRun, type ExportFormat, type ExportOptions } from './export/export-run.ts';
export { renderTable, type TableOptions } from './render-table.ts';
export { summarize, type BenchmarkForSummary, type SummarizeOptions } from './summarize.ts';
export type * from './summary.ts';
export type { TaskForSummary } from './task-tally.ts';
