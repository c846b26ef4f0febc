export { pairsManifestSchema, pairRowSchema, type PairRow, type PairsManifest } from './manifest.ts';
export type { PairTexts } from './pair-table.ts';
export { preparePairs, type PairsProgress, type PreparedPairs, type PreparePairsOptions } from './prepare-pairs.ts';
export { readPairs, type Pairs, type ReadPairsOptions } from './read-pairs.ts';
