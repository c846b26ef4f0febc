import type { Sharp } from 'sharp';
import { errorMessage, FettleError, type ImageReference } from '../../core/index.ts';
import { decodeImage, inspectImage, resizeLikePil, type ImageSize, type PixelImage } from '../../data/index.ts';
import type { ResolvedPixelOptions } from './pixel-options.ts';

export interface PictureFacts {
  /** Upright for `fast` pixels, as stored for `pillow`. */
  readonly size: ImageSize;
  /** What is left out of the picture, as whole sentences. */
  readonly notes: readonly string[];
}

const defaultMaxPixels = 100_000_000;

/**
 * Size of a picture from its header. Nothing is decoded.
 * Throws a FettleError `image-invalid` or `image-too-large`, which names the image.
 */
export async function pictureFacts(image: ImageReference, options: ResolvedPixelOptions): Promise<PictureFacts> {
  const { bytes } = await image.load();
  await refuseUnreadable(bytes, image.label, options);
  const header = await (await open(bytes, options)).metadata().catch((cause: unknown) => {
    throw damaged(image.label, cause);
  });
  const { width, height, pages = 1, orientation = 1 } = header;
  const turned = orientation >= 5 && options.pixels === 'fast';
  const notes: string[] = [];
  if (pages > 1) notes.push(`Of the ${pages} frames or pages of ${image.label} only the first is shown.`);
  if (orientation !== 1 && options.pixels === 'pillow') {
    notes.push(`${image.label} is not turned upright, as in the released code.`);
  }
  return { size: turned ? { width: height, height: width } : { width, height }, notes };
}

/** The picture at exactly that size, in 8-bit RGB. Throws as `pictureFacts` does. */
export async function scaledPicture(
  image: ImageReference,
  size: ImageSize,
  options: ResolvedPixelOptions,
): Promise<PixelImage> {
  const { bytes } = await image.load();
  if (options.pixels === 'pillow') {
    const { maxBytes, maxPixels } = options;
    return resizeLikePil(await decodeImage(bytes, { label: image.label, maxBytes, maxPixels }), size);
  }
  await refuseUnreadable(bytes, image.label, options);
  try {
    const upright = (await open(bytes, options)).autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb');
    // Shrinking while a JPEG is decoded would blur small print.
    const resized = upright.resize({ ...size, fit: 'fill', kernel: 'cubic', fastShrinkOnLoad: false });
    const { data, info } = await resized.removeAlpha().raw().toBuffer({ resolveWithObject: true });
    if (info.channels !== 3 || info.width !== size.width || info.height !== size.height) {
      throw new Error(`it came out as ${info.width} by ${info.height} with ${info.channels} channels`);
    }
    return { width: info.width, height: info.height, data };
  } catch (cause) {
    throw damaged(image.label, cause);
  }
}

async function refuseUnreadable(bytes: Uint8Array, label: string, options: ResolvedPixelOptions): Promise<void> {
  const { mediaType } = await inspectImage(bytes, label, options);
  if (mediaType !== 'image/bmp') return;
  throw new FettleError(`Image ${label} is a BMP, which cannot be decoded`, {
    code: 'image-invalid',
    where: label,
    hint: 'Convert it to PNG.',
  });
}

async function open(bytes: Uint8Array, { maxPixels = defaultMaxPixels }: ResolvedPixelOptions): Promise<Sharp> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  return sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', pages: 1 });
}

function damaged(label: string, cause: unknown): FettleError {
  return new FettleError(`Image ${label} cannot be decoded: ${errorMessage(cause)}`, {
    code: 'image-invalid',
    where: label,
    hint: 'The file may be cut short or damaged: fetch it again.',
    cause,
  });
}
