import type { OverlayOptions } from 'sharp';
import { usageError, type ImageReference } from '../../core/index.ts';
import type { ImagePlan, ImageSize, TilePlan } from '../tile-plan.ts';
import { gridDrawing } from './grid-drawing.ts';
import { scaledPicture } from './picture.ts';
import { resolvePixelOptions, type PixelOptions } from './pixel-options.ts';

export interface DrawGridsOptions extends Pick<PixelOptions, 'pixels' | 'allocator' | 'maxBytes' | 'maxPixels'> {
  /** Of the whole drawing in pixels. Default 1600. */
  readonly width?: number | undefined;
  /** Of a row of pictures in pixels. Default 320. */
  readonly rowHeight?: number | undefined;
}

interface Place extends ImageSize {
  readonly image: number;
  readonly left: number;
  readonly top: number;
}

const gap = 12;
/** No picture is drawn smaller: a strip stays visible. */
const least = 24;
const mostHeight = 30_000;
const mostRowHeight = 2000;

/**
 * A PNG with every image on its canvas, side by side in rows, its margins and grid drawn over it. Each has its number in
 * the upper left corner; a square in the upper right one stands for its thumbnail.
 * Images must be those of the plan, in its order.
 */
export async function drawGrids(
  images: readonly ImageReference[],
  plan: TilePlan,
  options: DrawGridsOptions = {},
): Promise<Uint8Array> {
  const { width = 1600, rowHeight = 320 } = options;
  if (images.length !== plan.images.length || images.length === 0) {
    throw usageError(`${images.length} images cannot be drawn with a plan of ${plan.images.length}`, {
      hint: 'Give the images that were planned, at least one.',
    });
  }
  const places = arrange(plan.images, width, rowHeight);
  const height = Math.max(...places.map((place) => place.top + place.height)) + gap;
  if (height > mostHeight) {
    throw usageError(`A drawing of ${images.length} images would be ${height} pixels high`, {
      hint: `The limit is ${mostHeight}: draw fewer images, or rows of less height.`,
    });
  }
  const { default: sharp } = await import('sharp');
  const pixels = resolvePixelOptions({ pixels: 'fast', ...options });
  // Pictures are pasted one after another into one canvas, so that memory holds two of them at most.
  const page = new Uint8Array(width * height * 3).fill(255);
  for (const place of places) {
    const { padding, canvas, scaled, tiles } = plan.images[place.image] as ImagePlan;
    const factor = tiles === 0 ? 1 : place.width / canvas.width;
    const size = {
      width: tiles === 0 ? place.width : Math.max(1, Math.min(place.width, Math.round(scaled.width * factor))),
      height: tiles === 0 ? place.height : Math.max(1, Math.min(place.height, Math.round(scaled.height * factor))),
    };
    const left = place.left + Math.min(Math.round(padding.left * factor), place.width - size.width);
    const top = place.top + Math.min(Math.round(padding.top * factor), place.height - size.height);
    const picture = await scaledPicture(images[place.image] as ImageReference, size, pixels);
    for (let row = 0; row < place.height; row++) {
      const at = ((place.top + row) * width + place.left) * 3;
      page.fill(0, at, at + place.width * 3);
    }
    for (let row = 0; row < size.height; row++) {
      page.set(
        picture.data.subarray(row * size.width * 3, (row + 1) * size.width * 3),
        ((top + row) * width + left) * 3,
      );
    }
  }
  const drawing: OverlayOptions = {
    input: Buffer.from(
      gridDrawing(
        places.map((place) => ({ ...place, plan: plan.images[place.image] as ImagePlan })),
        { width, height },
      ),
    ),
    left: 0,
    top: 0,
  };
  return sharp(page, { raw: { width, height, channels: 3 } })
    .composite([drawing])
    .removeAlpha()
    .png()
    .toBuffer();
}

/** Rows of pictures, each as high as the row or as wide as the drawing. */
function arrange(images: readonly ImagePlan[], width: number, rowHeight: number): Place[] {
  const whole = (value: number, from: number, to: number): boolean =>
    Number.isInteger(value) && value >= from && value <= to;
  if (!whole(width, 100, 10_000) || !whole(rowHeight, least, mostRowHeight)) {
    throw usageError(`A drawing cannot be ${width} wide with rows of ${rowHeight} pixels`, {
      hint: `The width is a whole number from 100 to 10000, the height of a row one from ${least} to ${mostRowHeight}.`,
    });
  }
  const places: Place[] = [];
  let left = gap;
  let top = gap;
  let tallest = 0;
  images.forEach(({ size, canvas, tiles }, image) => {
    const shape = tiles === 0 ? size : canvas;
    const factor = Math.min(rowHeight / shape.height, (width - 2 * gap) / shape.width);
    const across = Math.min(width - 2 * gap, Math.max(least, Math.round(shape.width * factor)));
    const down = Math.min(rowHeight, Math.max(least, Math.round(shape.height * factor)));
    if (left > gap && left + across + gap > width) {
      left = gap;
      top += tallest + gap;
      tallest = 0;
    }
    places.push({ image, left, top, width: across, height: down });
    left += across + gap;
    tallest = Math.max(tallest, down);
  });
  return places;
}
