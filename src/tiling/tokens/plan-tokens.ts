import type { ImagePlan } from '../tile-plan.ts';
import { tokenRules, tokensByFamily } from './image-tokens.ts';
import type { PixelSize } from './rule.ts';

/** Tokens of one request's images with one family. Null where the family refuses one of them. */
export interface BeforeAfter {
  /** The images as they are. */
  readonly before: number | null;
  /** Their tiles and thumbnails. */
  readonly after: number | null;
}

/** What planned images cost before and after tiling, by family of models. `tile` is the side of a tile in pixels. */
export function planTokens(images: readonly ImagePlan[], tile: number): Readonly<Record<string, BeforeAfter>> {
  const before = tokensByFamily(images.map(({ size }) => size));
  const inputs = images.reduce((sum, image) => sum + image.visualInputs, 0);
  const after = tokensByFamily(Array.from({ length: inputs }, (): PixelSize => ({ width: tile, height: tile })));
  return Object.fromEntries(
    tokenRules.map(({ name }) => [name, { before: before[name] ?? null, after: after[name] ?? null }]),
  );
}
