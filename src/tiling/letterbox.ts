import type { Grid } from './grids.ts';
import type { ImagePlan, ImageSize, TileBox } from './tile-plan.ts';

type Letterbox = Pick<ImagePlan, 'scaled' | 'canvas' | 'padding' | 'boxes'>;

const nothing = { width: 0, height: 0 };
export const noLetterbox: Letterbox = {
  scaled: nothing,
  canvas: nothing,
  padding: { left: 0, top: 0, right: 0, bottom: 0 },
  boxes: [],
};

/**
 * Where a picture lies in the canvas of its grid, in whole pixels, as LEOPARD's code has it: one side fills the canvas,
 * the other is rounded up; of an odd margin the larger half is right and below.
 */
export function letterbox({ width, height }: ImageSize, { rows, columns }: Grid, tile: number): Letterbox {
  const canvas = { width: columns * tile, height: rows * tile };
  const across = canvas.width / width;
  const down = canvas.height / height;
  const scaled =
    across < down
      ? { width: canvas.width, height: Math.min(Math.ceil(height * across), canvas.height) }
      : { width: Math.min(Math.ceil(width * down), canvas.width), height: canvas.height };
  const left = Math.floor((canvas.width - scaled.width) / 2);
  const top = Math.floor((canvas.height - scaled.height) / 2);
  const boxes: TileBox[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      boxes.push({ row, column, left: column * tile, top: row * tile, width: tile, height: tile });
    }
  }
  return {
    scaled,
    canvas,
    padding: { left, top, right: canvas.width - scaled.width - left, bottom: canvas.height - scaled.height - top },
    boxes,
  };
}
