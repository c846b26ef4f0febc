import type { ImageReference } from '../../core/index.ts';
import { lazyImage, type ImageSize, type PixelImage } from '../../data/index.ts';
import { allocateTiles } from '../allocate-tiles.ts';
import type { ImagePlan, TileBox, TilePlan } from '../tile-plan.ts';
import { resolveTilingOptions } from '../tiling-options.ts';
import { encodePixels } from './encode.ts';
import { pictureFacts, scaledPicture } from './picture.ts';
import { resolvePixelOptions, type PixelOptions, type ResolvedPixelOptions } from './pixel-options.ts';
import { recently } from './recent.ts';

/** One visual input. */
export interface Tile {
  /** Which of the images, from 0. */
  readonly image: number;
  readonly kind: 'tile' | 'thumbnail';
  /** From 0; tiles only. */
  readonly row?: number;
  readonly column?: number;
  /** Decoded and encoded when it is loaded. */
  readonly reference: ImageReference;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * Tiles and thumbnails of images, in the planned order: image after image, each thumbnail before or behind its tiles.
 *
 * Reads each image's header for the plan. Pixels are decoded only when a tile is loaded; a few scaled pictures are kept
 * for the next tiles of theirs, so load the tiles in order. Animated images and documents give their first frame or page.
 *
 * @throws FettleError `image-invalid` or `image-too-large` that names the image; a damaged body shows when a tile loads
 */
export async function tileImages(
  images: readonly ImageReference[],
  options: PixelOptions = {},
): Promise<{ plan: TilePlan; tiles: Tile[] }> {
  const pixels = resolvePixelOptions(options);
  const { order, tile } = resolveTilingOptions(options);
  const facts = [];
  for (const image of images) facts.push(await pictureFacts(image, pixels));
  const bare = allocateTiles(
    facts.map(({ size }) => size),
    options,
  );
  const plan = { ...bare, notes: [...bare.notes, ...facts.flatMap(({ notes }) => notes)] };
  const tiles = images.flatMap((image, index) => {
    const entry = plan.images[index] as ImagePlan;
    const cut = tilesOf(image, index, entry, pixels);
    if (!entry.thumbnail) return cut;
    const thumbnail = thumbnailOf(image, index, entry, tile, pixels);
    return order === 'thumbnail-first' ? [thumbnail, ...cut] : [...cut, thumbnail];
  });
  return { plan, tiles };
}

function tilesOf(image: ImageReference, index: number, plan: ImagePlan, options: ResolvedPixelOptions): Tile[] {
  const picture = {};
  return plan.boxes.map((box) => {
    const { row, column, width, height } = box;
    const label = `${image.label}, row ${row + 1} of ${plan.rows}, column ${column + 1} of ${plan.columns}`;
    const reference = lazyImage(label, async () => {
      const scaled = await recently(picture, () => scaledPicture(image, plan.scaled, options));
      return encodePixels(cutTile(scaled, plan, box), options.format);
    });
    return { image: index, kind: 'tile', row, column, reference, width, height };
  });
}

function thumbnailOf(
  image: ImageReference,
  index: number,
  { size }: ImagePlan,
  side: number,
  options: ResolvedPixelOptions,
): Tile {
  const scaled = options.thumbnail === 'squash' ? { width: side, height: side } : contained(size, side);
  const reference = lazyImage(`${image.label}, thumbnail`, async () =>
    encodePixels(await recently({}, () => scaledPicture(image, scaled, options)), options.format),
  );
  return { image: index, kind: 'thumbnail', reference, ...scaled };
}

/** The largest size of these proportions within a square; a thin strip keeps one pixel. */
function contained({ width, height }: ImageSize, side: number): ImageSize {
  const scale = Math.min(side / width, side / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** A tile of the letterboxed canvas, cut from the scaled picture: what lies outside of it is black. */
export function cutTile(scaled: PixelImage, { padding }: Pick<ImagePlan, 'padding'>, box: TileBox): PixelImage {
  const data = new Uint8Array(box.width * box.height * 3);
  const left = box.left - padding.left;
  const from = Math.max(0, left);
  const to = Math.min(scaled.width, left + box.width);
  if (to > from) {
    for (let row = 0; row < box.height; row++) {
      const y = box.top - padding.top + row;
      if (y < 0 || y >= scaled.height) continue;
      const line = scaled.data.subarray((y * scaled.width + from) * 3, (y * scaled.width + to) * 3);
      data.set(line, (row * box.width + from - left) * 3);
    }
  }
  return { width: box.width, height: box.height, data };
}
