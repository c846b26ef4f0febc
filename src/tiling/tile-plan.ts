import type { ImageSize } from '../data/index.ts';

export type { ImageSize };

/** Where a tile lies in the letterboxed canvas, in pixels. Rows and columns count from 0. */
export interface TileBox {
  readonly row: number;
  readonly column: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface ImagePlan {
  readonly size: ImageSize;
  /** `rows * columns`, 0 without a grid. */
  readonly tiles: number;
  readonly rows: number;
  readonly columns: number;
  /** What the allocator granted, which a grid need not use up. */
  readonly granted: number;
  /** The picture as it is pasted into the canvas; 0 by 0 without a grid. */
  readonly scaled: ImageSize;
  /** `columns * tile` by `rows * tile`; 0 by 0 without a grid. */
  readonly canvas: ImageSize;
  /** Black margins in pixels: the picture's place in the canvas. */
  readonly padding: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
  /** Row after row. */
  readonly boxes: readonly TileBox[];
  readonly thumbnail: boolean;
  /** Tiles, and the thumbnail. */
  readonly visualInputs: number;
  readonly tokens: number;
  /**
   * Effective resolution: the share of the picture's own pixels along the side that suffers most, at best 1.
   * Of a grid it is min(canvas width / width, canvas height / height), of a thumbnail the same with one tile's side.
   */
  readonly scale: number;
}

export interface TilePlan {
  /** As the images were given. */
  readonly images: readonly ImagePlan[];
  readonly visualInputs: number;
  readonly tokens: number;
  readonly budget: {
    /** Visual inputs that were allowed. */
    readonly inputs: number;
    /** Those left for tiles after one input for every image's thumbnail. */
    readonly tiles: number;
    /** Tiles in grids. */
    readonly used: number;
    /** `used / tiles`; 0 where there was no budget for tiles. */
    readonly share: number;
    /** Of the used tiles, those in grids that show more than the thumbnail does. */
    readonly raising: number;
    /** Share of the tiles' area that shows picture and not margin; 0 without tiles. */
    readonly pictureShare: number;
  };
  /** Whatever a reader of the plan should know: images without tiles, a budget too small. Whole sentences. */
  readonly notes: readonly string[];
}
