/** Official metrics of data sets of documents, charts and text in pictures. */
export { anls, type AnlsOptions, type AnlsScore } from './anls.ts';
export { multiHierttScore } from './multihiertt.ts';
export { relaxedMatch, type RelaxedOptions } from './relaxed-accuracy.ts';
export { slideVqaScore, type MatchAndF1 } from './slidevqa.ts';
export { vqaAccuracy } from './vqa-accuracy.ts';
export { vqaNormalize } from './vqa-normalize.ts';
