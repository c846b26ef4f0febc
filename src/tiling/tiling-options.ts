import { usageError } from '../core/index.ts';

/**
 * How tiles are divided among images.
 *
 * - `leopard`: exactly the released rule of LEOPARD (arXiv 2410.01744, equations 1 and 2, as its code has them).
 * - `water-fill`: ours. Starts from what the released rule gives and raises whichever image is shown worst.
 * - `largest-remainder`: in proportion to areas, remainders by size, what does not fit a grid is passed on.
 * - `uniform`: the same number for every image.
 * - `none`: thumbnails alone.
 */
export const allocators = ['leopard', 'largest-remainder', 'water-fill', 'uniform', 'none'] as const;
export type Allocator = (typeof allocators)[number];

export const defaultAllocator: Allocator = 'water-fill';

export interface TilingOptions {
  /** Side of a tile in pixels. Default 364. */
  readonly tile?: number | undefined;
  /** Visual inputs in all, thumbnails included. Default 50. */
  readonly budget?: number | undefined;
  /** Whether every image is also sent as a thumbnail, which costs one input. Default true. */
  readonly thumbnails?: boolean | undefined;
  /** Side of the blocks of features that pixel shuffle makes into one token. Default 2. */
  readonly shuffle?: number | undefined;
  /** Side in pixels of what the vision encoder makes one feature of. Default 14. */
  readonly patch?: number | undefined;
  /** Side in pixels to which the vision encoder scales every input, whatever its size. Default 364. */
  readonly encoder?: number | undefined;
  readonly allocator?: Allocator | undefined;
  /** `thumbnail-first` (default) is the order of LEOPARD's inference, `tiles-first` that of its training. */
  readonly order?: 'thumbnail-first' | 'tiles-first' | undefined;
}

export type ResolvedTilingOptions = { readonly [K in keyof TilingOptions]-?: Exclude<TilingOptions[K], undefined> };

/** Fills in defaults. Throws a usage error for what cannot be meant. */
export function resolveTilingOptions(options: TilingOptions = {}): ResolvedTilingOptions {
  const {
    tile = 364,
    budget = 50,
    thumbnails = true,
    shuffle = 2,
    patch = 14,
    encoder = 364,
    allocator = defaultAllocator,
    order = 'thumbnail-first',
  } = options;
  whole('tile', tile, 4096, 'Give the side of a tile in pixels, such as 364.');
  whole('budget', budget, 10_000, 'Give the number of visual inputs, thumbnails included, such as 50.');
  whole('shuffle', shuffle, 64, 'Give the side of a block of features, such as 2, or 1 for none.');
  whole('patch', patch, 4096, 'Give the side of a patch of the vision encoder in pixels, such as 14.');
  whole('encoder', encoder, 4096, 'Give the side of an input of the vision encoder in pixels, such as 364.');
  if (!allocators.includes(allocator)) {
    throw usageError(`There is no allocator "${String(allocator)}"`, { hint: `Allocators: ${allocators.join(', ')}.` });
  }
  if (order !== 'thumbnail-first' && order !== 'tiles-first') {
    throw usageError(`There is no order "${String(order)}"`, { hint: 'Orders: thumbnail-first, tiles-first.' });
  }
  return { tile, budget, thumbnails, shuffle, patch, encoder, allocator, order };
}

function whole(name: string, value: number, most: number, hint: string): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw usageError(`Tiling option ${name} cannot be ${String(value)}: it is a whole number from 1 to ${most}`, {
    where: name,
    hint,
  });
}
