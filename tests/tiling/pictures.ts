import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/** Every fourth level of red, so that rounding of colours cannot take one picture for another. */
export const redOf = (index: number): number => 12 + index * 4;

/**
 * A picture whose red says which it is, whose green grows from left to right and whose blue from top to bottom:
 * the mean colour of a cutting tells picture and place.
 */
export async function writePicture(folder: string, index: number, width: number, height: number): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      pixels[at] = redOf(index);
      pixels[at + 1] = Math.round((255 * x) / width);
      pixels[at + 2] = Math.round((255 * y) / height);
    }
  }
  const name = `picture-${index}.png`;
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toFile(join(folder, name));
  return name;
}
