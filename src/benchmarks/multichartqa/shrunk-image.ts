import { hash } from 'node:crypto';
import { errorMessage, FettleError, type ImageBlob, type ImageReference } from '../../core/index.ts';
import { inspectImage } from '../../data/index.ts';

export interface ShrinkOptions {
  readonly maxPixels: number;
  /** Told of every image that is made smaller. */
  readonly onNote?: ((text: string) => void) | undefined;
}

/** Longest side, which providers limit too. */
export const maxSide = 8000;

/** The image, made smaller where it has more pixels or a longer side; its type stays, except that only JPEG stays lossy. */
export function shrunkImage(image: ImageReference, { maxPixels, onNote }: ShrinkOptions): ImageReference {
  let told = false;
  return {
    label: image.label,
    async load(): Promise<ImageBlob> {
      const blob = await image.load();
      const { width, height } = await inspectImage(blob.bytes, image.label);
      const factor = Math.min(1, Math.sqrt(maxPixels / (width * height)), maxSide / Math.max(width, height));
      if (factor === 1) return blob;
      const [toWidth, toHeight] = [width, height].map((side) => Math.max(1, Math.floor(side * factor)));
      const isJpeg = blob.mediaType === 'image/jpeg';
      try {
        const { default: sharp } = await import('sharp');
        const small = sharp(blob.bytes, { failOn: 'error' }).resize(toWidth, toHeight, { fit: 'fill' });
        const bytes = await (isJpeg ? small.jpeg({ quality: 92 }) : small.png()).toBuffer();
        if (!told)
          onNote?.(`${image.label} is sent as ${toWidth} by ${toHeight} pixels in place of ${width} by ${height}`);
        told = true;
        return { bytes, mediaType: isJpeg ? 'image/jpeg' : 'image/png', sha256: hash('sha256', bytes, 'hex') };
      } catch (cause) {
        throw new FettleError(`Image ${image.label} cannot be made smaller: ${errorMessage(cause)}`, {
          code: 'image-invalid',
          where: image.label,
          hint: 'The file may be damaged: fetch it again, or send it as it is with --option downsize=off.',
          cause,
        });
      }
    },
  };
}
