import type { PixelImage } from '../../data/index.ts';

/** PNG of the pixels, or JPEG of quality 90 without subsampling of colours. */
export async function encodePixels({ width, height, data }: PixelImage, format: 'png' | 'jpeg'): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const raw = sharp(data, { raw: { width, height, channels: 3 } });
  const encoded =
    format === 'png' ? raw.png({ compressionLevel: 6 }) : raw.jpeg({ quality: 90, chromaSubsampling: '4:4:4' });
  return encoded.toBuffer();
}
