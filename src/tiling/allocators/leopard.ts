import type { Grid } from '../grids.ts';
import type { ImageSize } from '../tile-plan.ts';

/** Ties to the even neighbour, as Python rounds. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** Tiles of a picture at its own resolution by the released rule: 0 where it would be one, or a side rounds to none. */
export function leopardRawCount({ width, height }: ImageSize, tile: number): number {
  const count = roundHalfEven(height / tile) * roundHalfEven(width / tile);
  return count === 1 ? 0 : count;
}

/**
 * Tiles granted to each image by the released rule of LEOPARD (arXiv 2410.01744, equations 1 and 2): the raw counts
 * where they fit the budget, else each times budget / sum in double precision, cut off. What is cut off is lost.
 */
export function leopardGrants(sizes: readonly ImageSize[], tile: number, budget: number): number[] {
  const raw = sizes.map((size) => leopardRawCount(size, tile));
  const sum = raw.reduce((total, count) => total + count, 0);
  if (sum <= budget) return raw;
  const factor = budget / sum;
  const grants = raw.map((count) => Math.trunc(count * factor));
  let excess = grants.reduce((total, count) => total + count, 0) - budget;
  while (excess > 0) {
    for (let i = 0; i < grants.length && excess > 0; i++) {
      const grant = grants[i] ?? 0;
      if (grant === 0) continue;
      grants[i] = grant - 1;
      excess--;
    }
  }
  return grants;
}

/**
 * The grid of at most `granted` tiles that keeps most of a picture's pixels, by the released rule: sizes after scaling
 * are cut to whole pixels; of equals the one with less waste, then the one with fewer rows. A single tile is no grid.
 */
export function leopardGrid({ width, height }: ImageSize, granted: number, tile: number): Grid | undefined {
  let best: Grid | undefined;
  let mostKept = 0;
  let leastWaste = Number.POSITIVE_INFINITY;
  const own = width * height;
  for (let rows = 1; rows <= granted; rows++) {
    for (let columns = 1; rows * columns <= granted; columns++) {
      if (rows === 1 && columns === 1) continue;
      const across = columns * tile;
      const down = rows * tile;
      const scale = Math.min(across / width, down / height);
      const kept = Math.min(Math.trunc(width * scale) * Math.trunc(height * scale), own);
      const waste = across * down - kept;
      if (kept > mostKept || (kept === mostKept && waste < leastWaste)) {
        mostKept = kept;
        leastWaste = waste;
        best = { rows, columns };
      }
    }
  }
  return best;
}
