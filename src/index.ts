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
export {
  createModels,
  fromLanguageModel,
  openClip,
  resolveModel,
  tiledModel,
  tilingMiddleware,
} from './models/index.ts';
export { allocateTiles, tileImages, tileMessages } from './tiling/index.ts';
export { imageTokens } from './tiling/tokens/index.ts';
export { findEngine, startEngine } from './engine/index.ts';
export { drawnPictures, preparePairs } from './training/index.ts';
export { openData, readRows, samplesFromRows } from './data/index.ts';
export { openStore } from './store/index.ts';
export { resumeRun, runUnlearning, startRun, trainClip } from './workbench/index.ts';
export { startServer } from './server/index.ts';
export { openServing } from './workbench/serving/index.ts';
