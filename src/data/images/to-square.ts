import type { PixelImage } from './pixel-image.ts';
import { resizeLikePil, type ImageSize } from './resize-like-pil.ts';

/**
 * A square of `size` pixels as CLIP's image processor makes it (transformers' `CLIPImageProcessor` on Pillow, before
 * rescaling): the shorter side to `size`, the longer one in proportion and rounded down, the middle cut out.
 */
export function toSquare(image: PixelImage, size: number): PixelImage {
  const { width, height } = image;
  const longer = Math.trunc((size * Math.max(width, height)) / Math.min(width, height));
  const resized = width <= height ? { width: size, height: longer } : { width: longer, height: size };
  const left = Math.floor((resized.width - size) / 2);
  const top = Math.floor((resized.height - size) / 2);
  return resizeLikePil(image, resized, { left, top, width: size, height: size });
}

/**
 * The middle of a picture, as transformers' `center_crop` cuts it: of an odd rest the larger half goes behind. Where a
 * side is too short it is padded with black, the larger half of an odd padding before the picture.
 */
export function centerCrop(image: PixelImage, { width, height }: ImageSize): PixelImage {
  const data = new Uint8Array(width * height * 3);
  const left = Math.floor((image.width - width) / 2);
  const top = Math.floor((image.height - height) / 2);
  const from = Math.max(left, 0);
  const to = Math.min(left + width, image.width);
  for (let row = 0; row < height; row++) {
    const y = top + row;
    if (y < 0 || y >= image.height) continue;
    const line = image.data.subarray((y * image.width + from) * 3, (y * image.width + to) * 3);
    data.set(line, (row * width + from - left) * 3);
  }
  return { width, height, data };
}
