import { usageError } from '../core/index.ts';
import { type Allocator, resolveTilingOptions } from '../tiling/tiling-options.ts';

export interface TilingWords {
  readonly tiles?: number | undefined;
  readonly tileSide?: number | undefined;
  readonly allocator?: string | undefined;
  readonly method?: string | undefined;
}

/** Tiling as the options of `run` ask for it, defaults filled in: a resumed run must not meet others. */
export function tilingOf({
  tiles,
  tileSide,
  allocator,
  method,
}: TilingWords): { budget: number; tile: number; allocator: Allocator } | undefined {
  if (tiles === undefined) {
    if (tileSide === undefined && allocator === undefined) return undefined;
    throw usageError('Nothing is tiled without a number of tiles.', {
      where: tileSide === undefined ? '--allocator' : '--tile-side',
      hint: 'Add --tiles 50, or give the options to the method: --method leopard:budget=50,tile=364.',
    });
  }
  if (method !== undefined && /^leopard(?::|$)/.test(method)) {
    throw usageError('Images would be tiled twice: by the method and by --tiles.', {
      where: '--tiles',
      hint: `Give the number to the method instead: --method leopard:budget=${tiles}.`,
    });
  }
  // Whether there is such an allocator is checked there.
  const resolved = resolveTilingOptions({ budget: tiles, tile: tileSide, allocator: allocator as Allocator });
  return { budget: resolved.budget, tile: resolved.tile, allocator: resolved.allocator };
}
