/**
 * Training recipes as typed configuration, and the data they run on: splits, pairs of images and texts,
 * pictures drawn by Fettle.
 */
export * from './recipes/index.ts';
export * from './splits/index.ts';
export { hashItems, type HashedItem, type HashItemsOptions, type TrainingItem } from './training-item.ts';
export * from './pairs/index.ts';
export * from './drawn/index.ts';
