import type { Random } from '../../core/index.ts';
import type { PixelImage } from '../../data/index.ts';
import type { Colour, Distractor, Scene } from './scene.ts';
import { shapes } from './shapes.ts';

/** Draws a scene on `size` by `size` pixels. Edges are smoothed by how much of a pixel lies within; `random` is the noise. */
export function drawScene(scene: Scene, size: number, random: Random): PixelImage {
  const data = new Uint8Array(size * size * 3);
  const distance = shapes[scene.shape]?.distance ?? (() => 1);
  const turned = { cos: Math.cos(scene.angle), sin: Math.sin(scene.angle) };
  const colour = [0, 0, 0];
  for (let row = 0, at = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = (column + 0.5) / size;
      const y = (row + 0.5) / size;
      const change = groundChange(scene, x, y);
      for (let part = 0; part < 3; part++) colour[part] = (scene.ground[part] as number) + change;
      for (const distractor of scene.distractors) {
        blend(colour, distractor.colour, 0.8 * coverage(distractorDistance(distractor, x, y) * size));
      }
      const dx = (x - scene.x) / scene.radius;
      const dy = (y - scene.y) / scene.radius;
      const inside = distance(turned.cos * dx + turned.sin * dy, turned.cos * dy - turned.sin * dx);
      blend(colour, scene.colour, coverage(inside * scene.radius * size));
      for (let part = 0; part < 3; part++) {
        // The sum of three uniform numbers is near enough to a Gaussian; its standard deviation is 1/2.
        const noise = 2 * scene.noise * (random.next() + random.next() + random.next() - 1.5);
        data[at++] = Math.round(255 * Math.min(1, Math.max(0, (colour[part] as number) + noise)));
      }
    }
  }
  return { width: size, height: size, data };
}

/** Share of a pixel that lies within an edge at a signed distance in pixels. */
function coverage(distance: number): number {
  return Math.min(1, Math.max(0, 0.5 - distance));
}

function blend(under: number[], over: Colour, share: number): void {
  if (share === 0) return;
  for (let part = 0; part < 3; part++) {
    under[part] = (under[part] as number) * (1 - share) + (over[part] as number) * share;
  }
}

function groundChange({ gradient, waves, cells }: Scene, x: number, y: number): number {
  const slope = (x - 0.5) * Math.cos(gradient.angle) + (y - 0.5) * Math.sin(gradient.angle);
  const along = x * Math.cos(waves.angle) + y * Math.sin(waves.angle);
  const wave = Math.sin(2 * Math.PI * waves.count * along + waves.phase);
  return slope * gradient.strength + wave * waves.strength + cellValue(cells, x, y) * cells.strength;
}

/** Value noise: random values on a grid, joined linearly. */
function cellValue({ across, values }: Scene['cells'], x: number, y: number): number {
  const column = Math.floor(x * across);
  const row = Math.floor(y * across);
  const right = x * across - column;
  const down = y * across - row;
  const value = (r: number, c: number): number => values[r * (across + 1) + c] ?? 0;
  const above = value(row, column) * (1 - right) + value(row, column + 1) * right;
  const below = value(row + 1, column) * (1 - right) + value(row + 1, column + 1) * right;
  return above * (1 - down) + below * down;
}

function distractorDistance({ x: cx, y: cy, radius, length, angle }: Distractor, x: number, y: number): number {
  const dx = x - cx;
  const dy = y - cy;
  if (length === 0) return Math.hypot(dx, dy) - radius;
  const along = Math.cos(angle) * dx + Math.sin(angle) * dy;
  const aside = Math.cos(angle) * dy - Math.sin(angle) * dx;
  return Math.max(Math.abs(along) - (length * radius) / 2, Math.abs(aside) - radius / 3);
}
