/** A decoded picture: rows from the top, pixels from the left, three bytes (red, green, blue) a pixel. */
export interface PixelImage {
  readonly width: number;
  readonly height: number;
  /** `height * width * 3` bytes. */
  readonly data: Uint8Array;
}

/** Pixels as models read them: [3, height, width], one plane a colour. Written into `target` at `offset` where given. */
export function toPlanes(
  { width, height, data }: PixelImage,
  target: Uint8Array = new Uint8Array(3 * width * height),
  offset = 0,
): Uint8Array {
  const plane = width * height;
  for (let pixel = 0, from = 0; pixel < plane; pixel++, from += 3) {
    target[offset + pixel] = data[from] ?? 0;
    target[offset + plane + pixel] = data[from + 1] ?? 0;
    target[offset + 2 * plane + pixel] = data[from + 2] ?? 0;
  }
  return target;
}
