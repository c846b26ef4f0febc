export { drawStratified } from './draw-stratified.ts';
export { forgetSets, plainSets, strataOf, type ForgetSetsOptions, type Sets } from './forget-sets.ts';
export { expandCaptions, referenceSplit } from './reference-split.ts';
export { splitItems, type SplitItemsOptions } from './split-items.ts';
export type { Split } from './split.ts';
