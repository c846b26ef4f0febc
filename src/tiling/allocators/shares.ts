import { gridScale, gridSteps, stepWithin, type GridStep } from '../grids.ts';
import type { ImageSize } from '../tile-plan.ts';
import { roundHalfEven } from './leopard.ts';

export const noGrid: GridStep = { rows: 0, columns: 0, tiles: 0, scale: 0 };

interface ShareOptions {
  readonly tile: number;
  readonly budget: number;
  readonly thumbnails: boolean;
}

/** The best grid of at most that many tiles; one tile is a grid only where there is no thumbnail to show as much. */
function gridOf(size: ImageSize, tiles: number, { tile, thumbnails }: ShareOptions): GridStep {
  const step = stepWithin(gridSteps(size, tile, tiles), tiles);
  return step === undefined || (thumbnails && step.tiles === 1) ? noGrid : step;
}

/** The same number of tiles for every image, rounded down: what does not divide is left over. */
export function uniformGrids(sizes: readonly ImageSize[], options: ShareOptions): GridStep[] {
  const each = Math.floor(options.budget / Math.max(1, sizes.length));
  return sizes.map((size) => gridOf(size, each, options));
}

/**
 * Tiles in proportion to area at own resolution (a short side counts as one tile at least), fractions to the largest
 * remainders (Hamilton's method). What an image's grid cannot use is passed on, largest remainder first, to images whose
 * next grid it pays for. As with all such quotas, a larger budget can cost an image a tile.
 */
export function largestRemainderGrids(sizes: readonly ImageSize[], options: ShareOptions): GridStep[] {
  const { tile, thumbnails } = options;
  // Without a thumbnail the first tile of each image is not up for division: it would not be seen at all.
  const first = thumbnails ? 0 : 1;
  const budget = options.budget - first * sizes.length;
  const demands = sizes.map(({ width, height }) => {
    const count = Math.max(1, roundHalfEven(width / tile)) * Math.max(1, roundHalfEven(height / tile));
    return thumbnails && width <= tile && height <= tile ? 0 : count - first;
  });
  const sum = demands.reduce((total, count) => total + count, 0);
  const quotas = demands.map((count) => (sum <= budget ? count : (count * budget) / sum));
  const rest = (i: number): number => (quotas[i] ?? 0) - Math.floor(quotas[i] ?? 0);
  const area = (i: number): number => (sizes[i]?.width ?? 0) * (sizes[i]?.height ?? 0);
  const order = sizes.map((_, i) => i).sort((a, b) => rest(b) - rest(a) || area(b) - area(a) || a - b);
  const seats = quotas.map(Math.floor);
  let free = Math.min(budget, sum) - seats.reduce((total, count) => total + count, 0);
  for (const i of order) {
    if (free <= 0) break;
    if (rest(i) === 0) continue;
    seats[i] = (seats[i] ?? 0) + 1;
    free--;
  }
  const grids = sizes.map((size, i) => gridOf(size, first + (seats[i] ?? 0), options));
  let left = options.budget - grids.reduce((total, { tiles }) => total + tiles, 0);
  for (let given = true; given && left > 0;) {
    given = false;
    for (const i of order) {
      const size = sizes[i] as ImageSize;
      const now = grids[i] ?? noGrid;
      const shown = now.tiles > 0 ? now.scale : thumbnails ? gridScale(size, { rows: 1, columns: 1 }, tile) : 0;
      const next = gridSteps(size, tile, now.tiles + left).find(
        ({ scale, tiles }) => scale > shown && tiles > now.tiles,
      );
      if (next === undefined || (sum <= budget && next.tiles > first + (demands[i] ?? 0))) continue;
      left -= next.tiles - now.tiles;
      grids[i] = next;
      given = true;
    }
  }
  return grids;
}
