import type { Sharp } from 'sharp';
import { errorMessage, FettleError, type ImageReference } from '../../core/index.ts';
import { defaultMaxPixels } from '../images/inspect-image.ts';

/** A picture as the engine takes it: grey, as PNG, larger than the original by `scale`. */
export interface PreparedImage {
  readonly png: Uint8Array;
  readonly scale: number;
  /** Of the part of the original that it shows. */
  readonly width: number;
  readonly height: number;
}

/** Small print is read best at half as large again; small pictures at twice their size. */
const usualScale = 1.5;
const smallScale = 2;
const smallSide = 800;
/** Larger ones cost memory and time and are read no better. */
const maxSide = 3500;
/** Part of the width in which titles of vertical axes stand. */
const leftPart = 0.2;

/**
 * The whole picture, and its left edge turned so that upward text lies flat.
 * Transparent pictures get a white ground; of animations the first frame counts.
 * @throws FettleError `image-invalid` for what cannot be decoded.
 */
export async function prepareImage(image: ImageReference): Promise<{ whole: PreparedImage; edge: PreparedImage }> {
  const { bytes } = await image.load();
  const { default: sharp } = await import('sharp');
  try {
    const source = (): ReturnType<typeof sharp> =>
      sharp(bytes, { limitInputPixels: defaultMaxPixels, failOn: 'error' }).flatten({ background: '#fff' });
    const { width, height } = await source().metadata();
    const whole = await render(source(), width, height, longScale(width, height));
    const edgeWidth = Math.max(1, Math.round(width * leftPart));
    const edgeSource = source().extract({ left: 0, top: 0, width: edgeWidth, height });
    const edge = await render(edgeSource, edgeWidth, height, Math.min(smallScale, maxSide / height), 90);
    return { whole, edge };
  } catch (cause) {
    throw new FettleError(`Image ${image.label} cannot be decoded: ${errorMessage(cause)}`, {
      code: 'image-invalid',
      where: image.label,
      hint: 'The file may be cut short or damaged: fetch it again.',
      cause,
    });
  }
}

function longScale(width: number, height: number): number {
  const side = Math.max(width, height);
  return Math.min(side < smallSide ? smallScale : usualScale, maxSide / side);
}

async function render(
  source: Sharp,
  width: number,
  height: number,
  scale: number,
  turn: 0 | 90 = 0,
): Promise<PreparedImage> {
  const [toWidth, toHeight] = [width, height].map((side) => Math.max(1, Math.round(side * scale))) as [number, number];
  const grey = await source
    .resize(toWidth, toHeight, { kernel: 'cubic', fit: 'fill' })
    .greyscale()
    .png({ compressionLevel: 1 })
    .toBuffer();
  if (turn === 0) return { png: grey, scale, width, height };
  const { default: sharp } = await import('sharp');
  return { png: await sharp(grey).rotate(turn).png({ compressionLevel: 1 }).toBuffer(), scale, width, height };
}
