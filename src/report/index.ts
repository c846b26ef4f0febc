/** What a run amounts to: figures with intervals, tables, comparisons, the HTML report and exports. */
export { compareRuns, type CompareOptions } from './compare/compare-runs.ts';
export type * from './compare/comparison.ts';
export { renderComparison } from './compare/render-comparison.ts';
export { escapeTerminal } from './escape-terminal.ts';
export { exportFormats, exportRun, type ExportFormat, type ExportOptions } from './export/export-run.ts';
export { htmlReport, type ReportOptions } from './html/html-report.ts';
export { renderTable, type TableOptions } from './render-table.ts';
export type { RunForReport } from './run-for-report.ts';
export { sampleSummary } from './sample-summary.ts';
export { summarize, type BenchmarkForSummary, type SummarizeOptions } from './summarize.ts';
export type * from './summary.ts';
export type { TaskForSummary } from './task-tally.ts';
export type * from './unlearning/experiment.ts';
export { summarizeArms, type ArmsSummary, type ArmSummary } from './unlearning/summarize-arms.ts';
export type { TargetCheck, Targets } from './unlearning/targets.ts';
export { unlearningMarkdown } from './unlearning/unlearning-markdown.ts';
export { unlearningTable } from './unlearning/unlearning-table.ts';
