import { createRandom } from '../../../core/index.ts';
import type { PixelImage } from '../pixel-image.ts';

/** A picture for tests: colour ramps, a checkerboard, hard edges and noise, from a seed. */
export function drawPicture(seed: string, width: number, height: number): PixelImage {
  const random = createRandom(seed);
  const kind = random.integer(3);
  const slope = [0, 1, 2].map(() => [random.integer(9) - 4, random.integer(9) - 4, random.integer(256)] as const);
  const cell = 1 + random.integer(5);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const dark = (Math.floor(x / cell) + Math.floor(y / cell)) % 2 === 0;
      for (const [across, down, start] of slope) {
        const ramp = (start + across * x + down * y) & 255;
        data[at++] = kind === 0 ? ramp : kind === 1 ? (dark ? 0 : 255) : random.integer(256);
      }
    }
  }
  return { width, height, data };
}
