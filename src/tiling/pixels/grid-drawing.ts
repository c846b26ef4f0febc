import type { ImagePlan, ImageSize } from '../tile-plan.ts';

interface Placed extends ImageSize {
  readonly image: number;
  readonly left: number;
  readonly top: number;
  readonly plan: ImagePlan;
}

/** Which of seven strokes make a digit: top, upper right, lower right, bottom, lower left, upper left, middle. */
const strokes = ['abcdef', 'bc', 'abged', 'abgcd', 'fgbc', 'afgcd', 'afgedc', 'abc', 'abcdefg', 'abcdfg'];
const lines: Readonly<Record<string, string>> = {
  a: 'M0 0H6',
  b: 'M6 0V6',
  c: 'M6 6V12',
  d: 'M0 12H6',
  e: 'M0 6V12',
  f: 'M0 0V6',
  g: 'M0 6H6',
};

/** Grids, numbers and marks as SVG. Digits are strokes, since a machine need not have fonts. */
export function gridDrawing(places: readonly Placed[], { width, height }: ImageSize): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${places.map(drawOne).join('')}</svg>`;
}

function drawOne({ image, left, top, width, height, plan }: Placed): string {
  let path = `M${left} ${top}h${width}v${height}h${-width}z`;
  for (let column = 1; column < plan.columns; column++) {
    path += `M${left + Math.round((column * width) / plan.columns)} ${top}v${height}`;
  }
  for (let row = 1; row < plan.rows; row++) path += `M${left} ${top + Math.round((row * height) / plan.rows)}h${width}`;
  const digits = String(image + 1);
  const box = `<rect x="${left}" y="${top}" width="${digits.length * 10 + 6}" height="20" fill="#d0021b"/>`;
  const number = [...digits]
    .map((digit, place) => {
      const shape = [...(strokes[Number(digit)] ?? '')].map((stroke) => lines[stroke]).join('');
      return `<path transform="translate(${left + 5 + place * 10} ${top + 4})" d="${shape}" stroke="#fff" stroke-width="2" fill="none"/>`;
    })
    .join('');
  const mark = plan.thumbnail
    ? `<rect x="${left + width - 14}" y="${top + 2}" width="12" height="12" fill="#fff" fill-opacity="0.8" stroke="#d0021b" stroke-width="2"/>`
    : '';
  return `<path d="${path}" fill="none" stroke="#d0021b" stroke-width="2"/>${box}${number}${mark}`;
}
