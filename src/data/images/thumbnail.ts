import type { ImageSize } from './resize-like-pil.ts';

export interface Thumbnail extends ImageSize {
  /** WebP. */
  readonly bytes: Uint8Array;
}

/** An image above this is not decoded. */
const maxPixels = 100_000_000;

/**
 * A small WebP for people to look at, upright, no side longer than `side` pixels; smaller images keep their size.
 * Undefined for what cannot be decoded.
 */
export async function thumbnail(bytes: Uint8Array, side: number): Promise<Thumbnail | undefined> {
  const { default: sharp } = await import('sharp');
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', pages: 1 })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 70 })
      .toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height };
  } catch {
    return undefined;
  }
}
