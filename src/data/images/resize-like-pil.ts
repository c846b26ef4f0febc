import { usageError } from '../../core/index.ts';
import { bicubicWeights, precisionBits, type AxisWeights } from './bicubic-weights.ts';
import type { PixelImage } from './pixel-image.ts';

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of the resized picture. */
export interface ImageWindow extends ImageSize {
  readonly left: number;
  readonly top: number;
}

/**
 * Antialiased bicubic resizing, bit for bit as `Image.resize(size, BICUBIC)` of Pillow 12 gives it for 8-bit pictures:
 * columns first, then rows, rounded to 8 bits in between, with weights of 22 binary places. A `window` gives that
 * part of the result alone, which costs no more than its own pixels. Pillow 13 sometimes takes rows first, which
 * changes what is rounded and clipped in between; the older order is kept, since it is the one that models learnt with.
 */
export function resizeLikePil(
  image: PixelImage,
  { width, height }: ImageSize,
  window: ImageWindow = { left: 0, top: 0, width, height },
): PixelImage {
  for (const [name, value] of Object.entries({ width, height })) {
    if (!Number.isInteger(value) || value < 1) throw usageError(`The ${name} of a picture cannot be ${value}`);
  }
  if (!isWithin(window, { width, height })) throw usageError('The window lies outside of the resized picture');
  const columns = axis(image.width, width, window.left, window.width);
  const rows = axis(image.height, height, window.top, window.height);
  const narrow =
    columns === undefined ? cutColumns(image, window) : resizeColumns(image, columns, rowsRead(rows, window));
  // Only the first pass leaves rows out.
  if (rows !== undefined) return resizeRows(narrow, rows, columns === undefined ? 0 : rowsRead(rows, window).first);
  return columns === undefined ? cutRows(narrow, window) : narrow;
}

function isWithin(window: ImageWindow, { width, height }: ImageSize): boolean {
  const { left, top, width: across, height: down } = window;
  const whole = [left, top, across, down].every((value) => Number.isInteger(value) && value >= 0);
  return whole && across > 0 && down > 0 && left + across <= width && top + down <= height;
}

/** Undefined where the size of this axis stays: then its values do too. */
function axis(from: number, to: number, first: number, count: number): AxisWeights | undefined {
  return from === to ? undefined : bicubicWeights(from, to, first, count);
}

/** The rows of the picture that the second pass will read. */
function rowsRead(rows: AxisWeights | undefined, window: ImageWindow): { first: number; count: number } {
  if (rows === undefined) return { first: window.top, count: window.height };
  const first = rows.starts[0] ?? 0;
  const last = rows.starts.length - 1;
  return { first, count: (rows.starts[last] ?? 0) + (rows.counts[last] ?? 0) - first };
}

const half = 1 << (precisionBits - 1);

function resizeColumns(
  { width, data }: PixelImage,
  { starts, counts, weights, stride }: AxisWeights,
  { first, count }: { readonly first: number; readonly count: number },
): PixelImage {
  const across = starts.length;
  const out = new Uint8ClampedArray(across * count * 3);
  for (let row = 0, to = 0; row < count; row++) {
    const line = (first + row) * width * 3;
    for (let column = 0; column < across; column++, to += 3) {
      let red = half;
      let green = half;
      let blue = half;
      let from = line + (starts[column] ?? 0) * 3;
      const begin = column * stride;
      const end = begin + (counts[column] ?? 0);
      for (let k = begin; k < end; k++, from += 3) {
        const weight = weights[k] as number;
        red = (red + Math.imul(data[from] as number, weight)) | 0;
        green = (green + Math.imul(data[from + 1] as number, weight)) | 0;
        blue = (blue + Math.imul(data[from + 2] as number, weight)) | 0;
      }
      out[to] = red >> precisionBits;
      out[to + 1] = green >> precisionBits;
      out[to + 2] = blue >> precisionBits;
    }
  }
  return { width: across, height: count, data: new Uint8Array(out.buffer) };
}

/** `offset`: which row of the whole picture is the first of this one. */
function resizeRows(
  { width, data }: PixelImage,
  { starts, counts, weights, stride }: AxisWeights,
  offset: number,
): PixelImage {
  const height = starts.length;
  const line = width * 3;
  const out = new Uint8ClampedArray(line * height);
  const sums = new Int32Array(line);
  for (let row = 0; row < height; row++) {
    sums.fill(half);
    const count = counts[row] ?? 0;
    for (let k = 0; k < count; k++) {
      const weight = weights[row * stride + k] as number;
      let from = ((starts[row] ?? 0) - offset + k) * line;
      for (let i = 0; i < line; i++, from++) {
        sums[i] = ((sums[i] as number) + Math.imul(data[from] as number, weight)) | 0;
      }
    }
    const to = row * line;
    for (let i = 0; i < line; i++) out[to + i] = (sums[i] as number) >> precisionBits;
  }
  return { width, height, data: new Uint8Array(out.buffer) };
}

function cutColumns(image: PixelImage, { left, width }: ImageWindow): PixelImage {
  if (width === image.width) return image;
  const data = new Uint8Array(width * image.height * 3);
  for (let row = 0; row < image.height; row++) {
    const from = (row * image.width + left) * 3;
    data.set(image.data.subarray(from, from + width * 3), row * width * 3);
  }
  return { width, height: image.height, data };
}

function cutRows({ width, data }: PixelImage, { top, height }: ImageWindow): PixelImage {
  return { width, height, data: data.slice(top * width * 3, (top + height) * width * 3) };
}
