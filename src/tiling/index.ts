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
