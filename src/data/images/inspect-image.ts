import { FettleError } from '../../core/index.ts';
import { byteCount } from '../bytes/byte-count.ts';

export interface ImageLimits {
  /** Default 64 MiB. */
  readonly maxBytes?: number | undefined;
  /** Width times height as the header declares it. Default 100 million. */
  readonly maxPixels?: number | undefined;
}

export const defaultMaxImageBytes = 64 * 2 ** 20;
export const defaultMaxPixels = 100_000_000;

export interface ImageFacts {
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
}

const mediaTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  bmp: 'image/bmp',
  tiff: 'image/tiff',
  bigtiff: 'image/tiff',
  avif: 'image/avif',
};

/**
 * Type and size in pixels of an image, from its header alone; nothing is decoded.
 * Throws a FettleError `image-invalid` for what is no PNG, JPEG, WebP, GIF, BMP, TIFF or AVIF (SVG and HTML are refused),
 * `image-too-large` above a limit.
 */
export async function inspectImage(
  bytes: Uint8Array,
  label: string,
  { maxBytes = defaultMaxImageBytes, maxPixels = defaultMaxPixels }: ImageLimits = {},
): Promise<ImageFacts> {
  if (bytes.length > maxBytes) throw tooManyBytes(label, bytes.length, maxBytes);
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString('latin1');
  if (bytes.length === 0) throw invalid(label, 'it is empty', 'Fetch it again.');
  const text = start.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
  if (text.startsWith('<')) {
    const html = /^<(?:!doctype html|html|head|body)/i.test(text);
    throw html
      ? invalid(label, 'it is an HTML page', 'An error page may have been saved in place of the image: fetch it again.')
      : invalid(label, 'it is markup, perhaps SVG', 'SVG can hold scripts and references: convert it to PNG.');
  }
  if (text.startsWith('version https://git-lfs')) {
    throw invalid(label, 'it is a Git LFS pointer', 'Fetch the files themselves: git lfs pull.');
  }
  const { imageSize } = await import('image-size');
  let found: { readonly type?: string | undefined; readonly width: number; readonly height: number };
  try {
    // The reader looks past the end of a view into the buffer behind it, where other data may lie.
    found = imageSize(bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes));
  } catch (cause) {
    throw invalid(label, 'its header cannot be read', 'It may be cut short, or be no image: fetch it again.', cause);
  }
  const { type = 'unknown', width, height } = found;
  const mediaType = mediaTypes[type];
  if (mediaType === undefined) {
    throw invalid(label, `it is of type ${type}`, 'Convert it to PNG, JPEG, WebP, GIF, BMP, TIFF or AVIF.');
  }
  if (!(width > 0 && height > 0))
    throw invalid(label, `its header says ${width} by ${height} pixels`, 'It is damaged: fetch it again.');
  if (width * height > maxPixels) {
    throw new FettleError(`Image ${label} has ${width} by ${height} pixels, the limit is ${maxPixels} in all`, {
      code: 'image-too-large',
      where: label,
      hint: 'Make it smaller.',
    });
  }
  return { mediaType, width, height };
}

export function tooManyBytes(label: string, size: number, maxBytes: number): FettleError {
  return new FettleError(`Image ${label} has ${byteCount(size)}, the limit is ${byteCount(maxBytes)}`, {
    code: 'image-too-large',
    where: label,
    hint: 'Make it smaller.',
  });
}

function invalid(label: string, why: string, hint?: string, cause?: unknown): FettleError {
  return new FettleError(`Image ${label} cannot be used: ${why}`, { code: 'image-invalid', where: label, hint, cause });
}
