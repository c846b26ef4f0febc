import type { Sharp, SharpOptions } from 'sharp';
import { errorMessage, FettleError, type ImageReference } from '../../core/index.ts';
import { defaultMaxPixels, inspectImage, type ImageLimits } from './inspect-image.ts';
import type { PixelImage } from './pixel-image.ts';

export interface DecodeOptions extends ImageLimits {
  /** Names the image in errors, where bytes are given. */
  readonly label?: string | undefined;
}

/**
 * The pixels of a PNG, JPEG, WebP, GIF, TIFF or AVIF image; the first frame of several.
 *
 * They are those of `Image.open(…).convert('RGB')` in Pillow: alpha is dropped and not blended, a palette looked up,
 * grey repeated, CMYK turned into RGB by arithmetic alone; EXIF orientation and colour profiles are ignored.
 * Of 16 bits the upper 8 are kept, in grey too (where Pillow clips to 255).
 *
 * Throws a FettleError `image-invalid` or `image-too-large`. Limits are checked in the header, before decoding.
 */
export async function decodeImage(
  image: Uint8Array | ImageReference,
  { label, ...limits }: DecodeOptions = {},
): Promise<PixelImage> {
  const name = label ?? (image instanceof Uint8Array ? 'in memory' : image.label);
  const bytes = image instanceof Uint8Array ? image : (await image.load()).bytes;
  const { mediaType } = await inspectImage(bytes, name, limits);
  if (mediaType === 'image/bmp') {
    throw new FettleError(`Image ${name} is a BMP, which cannot be decoded`, {
      code: 'image-invalid',
      where: name,
      hint: 'Convert it to PNG.',
    });
  }
  const open = await loadSharp();
  const options = { limitInputPixels: limits.maxPixels ?? defaultMaxPixels, failOn: 'error', ignoreIcc: true } as const;
  try {
    const { space } = await open(bytes, options).metadata();
    if (space === 'cmyk') {
      const inks = open(bytes, options).pipelineColourspace('cmyk').toColourspace('cmyk');
      return fromCmyk(await rawPixels(inks, 4));
    }
    return await rawPixels(open(bytes, options).toColourspace('srgb').removeAlpha(), 3);
  } catch (cause) {
    throw new FettleError(`Image ${name} cannot be decoded: ${errorMessage(cause)}`, {
      code: 'image-invalid',
      where: name,
      hint: 'The file may be cut short or damaged: fetch it again.',
      cause,
    });
  }
}

type OpenSharp = (input: Uint8Array, options: SharpOptions) => Sharp;

let loaded: Promise<OpenSharp> | undefined;

/** One thread an image and nothing kept: many images are decoded at once, each only once. */
async function loadSharp(): Promise<OpenSharp> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  });
  return loaded;
}

async function rawPixels(image: Sharp, channels: number): Promise<PixelImage> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== channels) throw new Error(`it has ${info.channels} channels and not ${channels}`);
  return { width: info.width, height: info.height, data };
}

/** Each of cyan, magenta and yellow as what it leaves of the light that black lets through. */
function fromCmyk({ width, height, data }: PixelImage): PixelImage {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const light = 255 - (data[from + 3] ?? 0);
    for (let ink = 0; ink < 3; ink++) rgb[to + ink] = Math.round(((255 - (data[from + ink] ?? 0)) * light) / 255);
  }
  return { width, height, data: rgb };
}
