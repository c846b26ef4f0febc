/** Dividing many images among a limited number of tiles: allocation, geometry, pixels, prompts, what they cost. */
export { allocateTiles } from './allocate-tiles.ts';
export { pixelShuffle, tokensPerInput } from './pixel-shuffle.ts';
export type { ImagePlan, ImageSize, TileBox, TilePlan } from './tile-plan.ts';
export {
  allocators,
  defaultAllocator,
  resolveTilingOptions,
  type Allocator,
  type TilingOptions,
} from './tiling-options.ts';
export { tileCaption, tileMessages, type TileMessagesOptions } from './tile-messages.ts';
export { tileImages, type Tile } from './pixels/tile-images.ts';
export { drawGrids, type DrawGridsOptions } from './pixels/draw-grids.ts';
export type { PixelOptions } from './pixels/pixel-options.ts';
export {
  leopardInferencePrompt,
  type InferencePrompt,
  type InferencePromptOptions,
} from './prompts/leopard-inference.ts';
export {
  leopardTrainingPrompt,
  type TrainingPrompt,
  type TrainingPromptOptions,
  type TrainingTurn,
} from './prompts/leopard-training.ts';
