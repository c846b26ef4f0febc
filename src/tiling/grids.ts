import type { ImageSize } from './tile-plan.ts';

export interface Grid {
  readonly rows: number;
  readonly columns: number;
}

/** A grid with what it costs and shows. */
export interface GridStep extends Grid {
  readonly tiles: number;
  /** min(1, columns * tile / width, rows * tile / height). */
  readonly scale: number;
}

/** Share of a picture's own resolution that a canvas of that many tiles can show, at best 1. */
export function gridScale({ width, height }: ImageSize, { rows, columns }: Grid, tile: number): number {
  return Math.min(1, (columns * tile) / width, (rows * tile) / height);
}

/**
 * The grids worth having, from one tile up, at most `most` tiles each: every one shows more than the one before, and no
 * grid of as many tiles shows more. The side that limits the scale grows, both where they are level. Ends at scale 1.
 */
export function gridSteps(size: ImageSize, tile: number, most: number): readonly GridStep[] {
  const steps: GridStep[] = [];
  let rows = 1;
  let columns = 1;
  while (rows * columns <= most) {
    const scale = gridScale(size, { rows, columns }, tile);
    steps.push({ rows, columns, tiles: rows * columns, scale });
    if (scale >= 1) break;
    // Cross-multiplied: whole numbers compare exactly.
    const across = columns * size.height;
    const down = rows * size.width;
    if (across <= down) columns++;
    if (down <= across) rows++;
  }
  return steps;
}

/** The last of the steps that costs no more than `tiles`; undefined where none does. */
export function stepWithin(steps: readonly GridStep[], tiles: number): GridStep | undefined {
  let found: GridStep | undefined;
  for (const step of steps) {
    if (step.tiles > tiles) break;
    found = step;
  }
  return found;
}
