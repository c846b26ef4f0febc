/** Scoring of MultiChartQA: the released scorer bit for bit, a strict one, a judge and relaxed accuracy. */
export type { ChartTarget, QuestionType } from './target.ts';
export { createChartScorer, type ChartScorerOptions } from './chart-scorer.ts';
export { createJudgeScorer } from './judge-scorer.ts';
export { createRelaxedScorer } from './relaxed-scorer.ts';
export { settleReference } from './settle.ts';
export { readOutputFiles } from './output-files.ts';
export { repairMojibake } from './mojibake.ts';
export { type PartRule, readPartRules } from './part-rules.ts';
