import { gridSteps, type GridStep } from '../grids.ts';
import type { ImageSize } from '../tile-plan.ts';
import { leopardRawCount } from './leopard.ts';

/** No image has more tiles than this while one that needs tiles has none. */
export const manyTiles = 4;

/** What one image could have, from nothing on, each step showing more (but 1 by 1, which shows what a thumbnail does). */
export type Ladder = readonly GridStep[];

/** From this budget on, the image is owed this step of its ladder. */
export interface Owed {
  readonly budget: number;
  readonly image: number;
  readonly step: number;
}

/** Steps up to full resolution, or to what the released rule would give with any budget, or to `most` tiles. */
export function ladderOf(size: ImageSize, tile: number, thumbnails: boolean, most: number): Ladder {
  const steps = gridSteps(size, tile, Math.max(most, leopardRawCount(size, tile)));
  const scale = thumbnails ? (steps[0]?.scale ?? 1) : 0;
  return [{ rows: 0, columns: 0, tiles: 0, scale }, ...steps];
}

/** Whether tiles would show more of the image than is shown without any. */
export const needsTiles = (ladder: Ladder): boolean => (ladder[0]?.scale ?? 1) < 1;

/**
 * What every image is owed at every budget: the cheapest grid that shows as much as the released rule's. Never more tiles
 * in all than the budget, and nothing is taken back at a larger one. An image waits for more than `many` tiles until
 * each that needs tiles can have one, which makes up for the released rule's habit of leaving some with nothing.
 */
export function owedSteps(sizes: readonly ImageSize[], ladders: readonly Ladder[], tile: number, many: number): Owed[] {
  const waiting = releasedSteps(sizes, ladders, tile);
  const owed: Owed[] = [];
  const at = ladders.map(() => 0);
  const tilesOf = (image: number, step: number): number => ladders[image]?.[step]?.tiles ?? 0;
  let spent = 0;
  const give = (budget: number, image: number, step: number): void => {
    spent += tilesOf(image, step) - tilesOf(image, at[image] ?? 0);
    at[image] = step;
    owed.push({ budget, image, step });
  };

  const bareBut = (image: number): number[] => {
    const found: number[] = [];
    for (let i = 0; i < ladders.length; i++) {
      if (i !== image && at[i] === 0 && needsTiles(ladders[i] as Ladder)) found.push(i);
    }
    return found;
  };

  let queue: Owed[] = [];
  let next = 0;
  let budget = 0;
  while (next < waiting.length || queue.length > 0) {
    // Nothing changes before the next step falls due or one that waits can be paid.
    const dueAt = waiting[next]?.budget ?? Number.POSITIVE_INFINITY;
    let payableAt = Number.POSITIVE_INFINITY;
    for (const { image, step } of queue) {
      payableAt = Math.min(payableAt, spent + tilesOf(image, step) - tilesOf(image, at[image] ?? 0));
    }
    budget = Math.max(budget + 1, Math.min(dueAt, payableAt));
    while ((waiting[next]?.budget ?? Number.POSITIVE_INFINITY) <= budget) queue.push(waiting[next++] as Owed);
    const later: Owed[] = [];
    for (const entry of queue) {
      const { image, step } = entry;
      if (step <= (at[image] ?? 0)) continue;
      const uncovered = tilesOf(image, step) > many ? bareBut(image) : [];
      if (spent + tilesOf(image, step) - tilesOf(image, at[image] ?? 0) + uncovered.length > budget) {
        later.push(entry);
        continue;
      }
      for (const i of uncovered) give(budget, i, 1);
      give(budget, image, step);
    }
    queue = later;
  }
  return owed;
}

/** From which budget on the released rule grants an image as many tiles as a step takes, by budget. */
function releasedSteps(sizes: readonly ImageSize[], ladders: readonly Ladder[], tile: number): Owed[] {
  const raw = sizes.map((size) => leopardRawCount(size, tile));
  const sum = raw.reduce((total, count) => total + count, 0);
  const found: Owed[] = [];
  ladders.forEach((ladder, image) => {
    const count = raw[image] ?? 0;
    // As `leopardGrants` computes it, in the same double precision.
    const granted = (budget: number): number => (sum <= budget ? count : Math.trunc(count * (budget / sum)));
    ladder.forEach(({ tiles }, step) => {
      if (tiles < 2 || tiles > count) return;
      let budget = Math.max(1, Math.floor((tiles / count) * sum) - 1);
      while (budget > 1 && granted(budget - 1) >= tiles) budget--;
      while (granted(budget) < tiles) budget++;
      found.push({ budget, image, step });
    });
  });
  return found.sort((a, b) => a.budget - b.budget || a.image - b.image || a.step - b.step);
}
