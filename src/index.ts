/** What `import … from 'fettle'` gives. */
export * from './core/index.ts';
export { createMethod, methods } from './methods/index.ts';
export {
  choice,
  createScorer,
  exact,
  includes,
  judge,
  numeric,
  regex,
  rougeLScorer as rougeL,
} from './scorers/index.ts';
export { createModels, fromLanguageModel, resolveModel } from './models/index.ts';
export { openData, readRows, samplesFromRows } from './data/index.ts';
export { openStore } from './store/index.ts';
export { resumeRun, startRun } from './workbench/index.ts';
