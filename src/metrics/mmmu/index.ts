/**
 * How the evaluation code of MMMU (X. Yue et al., CVPR 2024) reads replies to open questions. Released scorers of other
 * benchmarks are copies of it: MultiChartQA's and LEOPARD's.
 */
export { referenceNumbers } from './find-numbers.ts';
export { type Normalized, normalizeReference, type OpenReading, readOpenReference } from './open-reading.ts';
