/** Many paths to one answer, scored: votes, rewards, pass@k. */
export { readPaths, type PathRow } from './read-paths.ts';
export {
  scorePaths,
  type FiguresAtK,
  type PathFigure,
  type SamplePaths,
  type ScoredPaths,
  type ScorePathsOptions,
} from './score-paths.ts';
