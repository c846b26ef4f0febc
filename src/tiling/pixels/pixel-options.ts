import { usageError } from '../../core/index.ts';
import type { ImageLimits } from '../../data/index.ts';
import type { TilingOptions } from '../tiling-options.ts';

export interface PixelOptions extends TilingOptions, ImageLimits {
  /**
   * Whose pixels. `pillow`: bit for bit what the released code computes (Pillow 12: its bicubic, alpha dropped, EXIF
   * orientation ignored). `fast`: libvips's cubic, alpha blended onto white, pictures turned upright.
   * Default `pillow` with the allocator `leopard`, else `fast`.
   */
  readonly pixels?: 'pillow' | 'fast' | undefined;
  /** `squash` (default, as released): a square of one tile's side. `contain`: within that square, in proportion. */
  readonly thumbnail?: 'squash' | 'contain' | undefined;
  /** `png` (default) loses nothing: lines and small print stay. `jpeg` (quality 90, no subsampling) is smaller for photos. */
  readonly format?: 'png' | 'jpeg' | undefined;
}

export interface ResolvedPixelOptions extends ImageLimits {
  readonly pixels: 'pillow' | 'fast';
  readonly thumbnail: 'squash' | 'contain';
  readonly format: 'png' | 'jpeg';
}

export function resolvePixelOptions(options: PixelOptions): ResolvedPixelOptions {
  const { maxBytes, maxPixels, allocator, thumbnail = 'squash', format = 'png' } = options;
  const pixels = options.pixels ?? (allocator === 'leopard' ? 'pillow' : 'fast');
  oneOf('pixels', pixels, ['pillow', 'fast']);
  oneOf('thumbnail', thumbnail, ['squash', 'contain']);
  oneOf('format', format, ['png', 'jpeg']);
  return { maxBytes, maxPixels, pixels, thumbnail, format };
}

function oneOf(name: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return;
  throw usageError(`Tiling option ${name} cannot be "${value}"`, {
    where: name,
    hint: `Give one of: ${known.join(', ')}.`,
  });
}
