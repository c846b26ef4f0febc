/** MultiChartQA: questions over groups of related charts. */
export { multichartqa } from './benchmark.ts';
