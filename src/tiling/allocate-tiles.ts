import { usageError } from '../core/index.ts';
import { leopardGrants, leopardGrid } from './allocators/leopard.ts';
import { manyTiles } from './allocators/owed-steps.ts';
import { largestRemainderGrids, noGrid, uniformGrids } from './allocators/shares.ts';
import { waterFill } from './allocators/water-fill.ts';
import { gridScale, type Grid } from './grids.ts';
import { letterbox, noLetterbox } from './letterbox.ts';
import { tokensPerInput } from './pixel-shuffle.ts';
import type { ImagePlan, ImageSize, TilePlan } from './tile-plan.ts';
import { resolveTilingOptions, type ResolvedTilingOptions, type TilingOptions } from './tiling-options.ts';

interface Granted extends Grid {
  readonly granted: number;
}

/**
 * Divides a budget of visual inputs among images: for each a grid of tiles, and where the picture lies in it.
 *
 * Sizes are whole pixels, as the pictures are shown (after EXIF rotation). With thumbnails each image costs one input
 * before tiles are given; where the images alone use up the budget, nothing is tiled. Pure, and fast: no pixels.
 *
 * @throws FettleError (usage) for a size or an option that cannot be meant
 */
export function allocateTiles(sizes: readonly ImageSize[], options: TilingOptions = {}): TilePlan {
  const resolved = resolveTilingOptions(options);
  sizes.forEach(({ width, height }, i) => {
    if ([width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= 1e6)) return;
    throw usageError(`Image ${i + 1} cannot be ${String(width)} by ${String(height)} pixels`, {
      where: `image ${i + 1}`,
      hint: 'Sizes are whole numbers of pixels from 1 to 1,000,000, width first.',
    });
  });
  const { tile, budget, thumbnails } = resolved;
  // Without thumbnails one input for each image is still the least, or it would not be seen at all.
  const tileBudget = Math.max(0, thumbnails ? budget - sizes.length : budget);
  const images = grants(sizes, resolved).map((grid, i) => planImage(sizes[i] as ImageSize, grid, resolved));
  const used = images.reduce((sum, image) => sum + image.tiles, 0);
  const area = images.reduce((sum, { scaled }) => sum + scaled.width * scaled.height, 0);
  const visualInputs = images.reduce((sum, image) => sum + image.visualInputs, 0);
  return {
    images,
    visualInputs,
    tokens: images.reduce((sum, image) => sum + image.tokens, 0),
    budget: {
      inputs: budget,
      tiles: tileBudget,
      used,
      share: tileBudget === 0 ? 0 : used / tileBudget,
      raising: images.reduce((sum, { tiles, thumbnail }) => sum + (thumbnail && tiles === 1 ? 0 : tiles), 0),
      pictureShare: used === 0 ? 0 : area / (used * tile * tile),
    },
    notes: notesOn(images, visualInputs, resolved),
  };
}

/** The grid of each image, 0 by 0 for none. */
function grants(
  sizes: readonly ImageSize[],
  { tile, budget, thumbnails, allocator }: ResolvedTilingOptions,
): Granted[] {
  const whole = { rows: 1, columns: 1, granted: 1 };
  const none = thumbnails ? { rows: 0, columns: 0, granted: 0 } : whole;
  const afterOneEach = budget - sizes.length;
  if (allocator === 'none' || afterOneEach <= 0) return sizes.map(() => none);
  if (allocator === 'leopard') {
    const known = new Map<string, Grid | undefined>();
    return leopardGrants(sizes, tile, afterOneEach).map((granted, i) => {
      const size = sizes[i] as ImageSize;
      const key = `${size.width} ${size.height} ${granted}`;
      if (!known.has(key)) known.set(key, leopardGrid(size, granted, tile));
      const grid = known.get(key);
      return grid === undefined ? { ...none, granted } : { ...grid, granted };
    });
  }
  const options = { tile, budget: thumbnails ? afterOneEach : budget, thumbnails };
  const divide = { 'water-fill': waterFill, 'largest-remainder': largestRemainderGrids, uniform: uniformGrids }[
    allocator
  ];
  return divide(sizes, options).map(({ rows, columns, tiles }) =>
    tiles === noGrid.tiles ? none : { rows, columns, granted: tiles },
  );
}

function planImage(size: ImageSize, grid: Granted, options: ResolvedTilingOptions): ImagePlan {
  const { tile, thumbnails } = options;
  const { rows, columns, granted } = grid;
  const tiles = rows * columns;
  const visualInputs = tiles + (thumbnails ? 1 : 0);
  // A thumbnail shows what one tile shows, or more.
  const shown = tiles === 0 ? { rows: 1, columns: 1 } : grid;
  return {
    size: { width: size.width, height: size.height },
    tiles,
    rows,
    columns,
    granted,
    ...(tiles === 0 ? noLetterbox : letterbox(size, grid, tile)),
    thumbnail: thumbnails,
    visualInputs,
    tokens: visualInputs * tokensPerInput(options),
    scale: gridScale(size, shown, tile),
  };
}

function notesOn(images: readonly ImagePlan[], inputs: number, options: ResolvedTilingOptions): string[] {
  const { budget, thumbnails, tile, allocator } = options;
  const notes: string[] = [];
  if (inputs > budget) {
    notes.push(`${images.length} images need ${inputs} visual inputs even without tiles; the budget is ${budget}.`);
  } else if (images.length >= budget && allocator !== 'none') {
    notes.push(`${images.length} images use up the budget of ${budget} visual inputs: nothing is tiled.`);
  }
  const most = Math.max(0, ...images.map(({ tiles }) => tiles));
  const bare = images.flatMap(({ tiles, scale }, i) => (tiles === 0 && scale < 1 && most > manyTiles ? [i + 1] : []));
  if (bare.length > 0) notes.push(`${list(bare)} without tiles, while another has ${most}.`);
  if (allocator === 'leopard' || allocator === 'none' || images.length >= budget || !thumbnails) return notes;
  const sizes = images.map(({ size }) => size);
  leopardGrants(sizes, tile, budget - images.length).forEach((granted, i) => {
    const { size, scale } = images[i] as ImagePlan;
    const released = gridScale(size, leopardGrid(size, granted, tile) ?? { rows: 1, columns: 1 }, tile);
    if (released <= scale) return;
    const why = allocator === 'water-fill' ? 'images without tiles came first' : `"${allocator}" divides otherwise`;
    notes.push(
      `Image ${i + 1} is shown at ${scale.toFixed(3)} of its resolution, by the released rule at ${released.toFixed(3)}: ${why}.`,
    );
  });
  return notes;
}

function list(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 10).join(', ');
  const more = numbers.length > 10 ? ` and ${numbers.length - 10} more` : '';
  return numbers.length === 1 ? `Image ${shown} is` : `Images ${shown}${more} are`;
}
