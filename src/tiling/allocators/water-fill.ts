import type { GridStep } from '../grids.ts';
import type { ImageSize } from '../tile-plan.ts';
import { ladderOf, manyTiles, needsTiles, owedSteps, type Ladder, type Owed } from './owed-steps.ts';

export interface WaterFillOptions {
  readonly tile: number;
  /** Tiles in all. */
  readonly budget: number;
  readonly thumbnails: boolean;
}

/**
 * A grid for each image (0 by 0 for none), `budget` tiles at most in all. Our default.
 *
 * The budget is spent tile by tile from 0 up and nothing given is taken back, so no image loses when the budget grows.
 * At each budget every image first gets what it is owed (`owedSteps`: what the released rule gives). The rest goes to
 * whichever image is shown worst (lowest scale, then larger area, then the earlier one) and has a next grid that fits,
 * unless too little would be left for what is owed at a larger budget. Last, a tile that nobody can use to show more goes
 * to an image that needs tiles and has none: beside a squashed thumbnail it shows the right proportions.
 * Of images that are all alike the earlier get more; otherwise the order of the images does not matter.
 */
export function waterFill(sizes: readonly ImageSize[], options: WaterFillOptions): GridStep[] {
  const order = sizes.map((_, i) => i).sort((a, b) => compare(sizes[a] as ImageSize, sizes[b] as ImageSize) || a - b);
  const grids = fillSorted(
    order.map((i) => sizes[i] as ImageSize),
    options,
  );
  const found: GridStep[] = [];
  order.forEach((i, place) => (found[i] = grids[place] as GridStep));
  return found;
}

/** Larger pictures first: then ties do not depend on the order in which the images came. */
function compare(a: ImageSize, b: ImageSize): number {
  return b.width * b.height - a.width * a.height || b.width - a.width;
}

function fillSorted(sizes: readonly ImageSize[], { tile, budget, thumbnails }: WaterFillOptions): GridStep[] {
  const ladders = sizes.map((size) => ladderOf(size, tile, thumbnails, budget));
  const many = thumbnails ? manyTiles : 1;
  const owed = owedSteps(sizes, ladders, tile, many);
  const state = new Spending(ladders, owed);

  for (let now = 1, next = 0; now <= budget; now++) {
    for (; next < owed.length && (owed[next] as Owed).budget <= now; next++) {
      const { image, step } = owed[next] as Owed;
      if (step > state.step(image)) state.take(image, step);
    }
    while (raiseOne(state, ladders, now, many));
  }
  for (const image of byScale(state, ladders)) {
    if (state.spent < budget && state.step(image) === 0 && needsTiles(ladders[image] as Ladder)) state.take(image, 1);
  }
  return ladders.map((ladder, image) => ladder[state.step(image)] as GridStep);
}

/** Images, the one shown worst first. */
function byScale(state: Spending, ladders: readonly Ladder[]): number[] {
  const scales = ladders.map((_, i) => state.scale(i));
  return scales.map((_, i) => i).sort((a, b) => (scales[a] as number) - (scales[b] as number) || a - b);
}

/** Takes the next step of the image that is shown worst and can take one. False where none can. */
function raiseOne(state: Spending, ladders: readonly Ladder[], now: number, many: number): boolean {
  if (state.spent >= now) return false;
  const bare: number[] = [];
  for (let i = 0; i < ladders.length; i++) if (state.step(i) === 0 && needsTiles(ladders[i] as Ladder)) bare.push(i);
  const coverOne = (): boolean => {
    const found = bare.find((i) => state.fits(i, 1, now));
    if (found !== undefined) state.take(found, 1);
    return found !== undefined;
  };
  if (bare.length > 0 && state.most > many && coverOne()) return true;
  let worst: { readonly image: number; readonly step: number; readonly scale: number } | undefined;
  let held = false;
  for (let image = 0; image < ladders.length; image++) {
    const scale = state.scale(image);
    if (worst !== undefined && scale >= worst.scale) continue;
    const step = state.next(image);
    if (step === undefined || !state.fits(image, step, now)) continue;
    const others = bare.length - (bare.includes(image) ? 1 : 0);
    if (others > 0 && (ladders[image]?.[step]?.tiles ?? 0) > many) held = true;
    else worst = { image, step, scale };
  }
  if (worst === undefined) return held && coverOne();
  state.take(worst.image, worst.step);
  return true;
}

/** Who has what, and what must be kept back for larger budgets. */
class Spending {
  spent = 0;
  /** Tiles of the image that has most. */
  most = 0;
  readonly #ladders: readonly Ladder[];
  readonly #at: number[];
  /** Budgets at which something falls due, and what is free at each: the budget less what is owed or taken by then. */
  readonly #budgets: number[];
  readonly #free: number[];
  /** How many of the budgets are past: nothing need be kept back for them. */
  #past = 0;
  readonly #forbidden: ({ readonly step: number; readonly until: number } | undefined)[] = [];
  /** For each image, what it is owed: index into `#budgets` and tiles. */
  readonly #owed: { readonly from: number; readonly tiles: number }[][];

  constructor(ladders: readonly Ladder[], owed: readonly Owed[]) {
    this.#ladders = ladders;
    this.#at = ladders.map(() => 0);
    this.#budgets = [...new Set(owed.map(({ budget }) => budget))];
    this.#owed = ladders.map(() => []);
    const place = new Map(this.#budgets.map((budget, index) => [budget, index]));
    const total = this.#budgets.map(() => 0);
    for (const { budget, image, step } of owed) {
      const from = place.get(budget) as number;
      const tiles = ladders[image]?.[step]?.tiles ?? 0;
      const list = this.#owed[image] as { from: number; tiles: number }[];
      total[from] = (total[from] ?? 0) + tiles - (list.at(-1)?.tiles ?? 0);
      list.push({ from, tiles });
    }
    let sum = 0;
    this.#free = this.#budgets.map((budget, index) => budget - (sum += total[index] ?? 0));
  }

  step(image: number): number {
    return this.#at[image] ?? 0;
  }

  scale(image: number): number {
    return this.#ladders[image]?.[this.step(image)]?.scale ?? 1;
  }

  /** The next step that shows more. */
  next(image: number): number | undefined {
    const ladder = this.#ladders[image] as Ladder;
    const scale = this.scale(image);
    for (let step = this.step(image) + 1; step < ladder.length; step++) {
      if ((ladder[step] as GridStep).scale > scale) return step;
    }
    return undefined;
  }

  /** Whether the step can be paid now and leaves enough for all that falls due later. */
  fits(image: number, step: number, now: number): boolean {
    const tiles = this.#ladders[image]?.[step]?.tiles ?? 0;
    if (this.spent + tiles - this.#tiles(image) > now) return false;
    // What is free at a budget never grows: a step that it forbade stays forbidden until that budget is past.
    const known = this.#forbidden[image];
    if (known !== undefined && known.step === step && known.until >= now) return false;
    while ((this.#budgets[this.#past] ?? Number.POSITIVE_INFINITY) <= now) this.#past++;
    let until = 0;
    this.#beyondOwed(image, tiles, (index, more) => {
      if ((this.#free[index] ?? 0) < more) until = this.#budgets[index] ?? 0;
      return until === 0;
    });
    if (until > 0) this.#forbidden[image] = { step, until: until - 1 };
    return until === 0;
  }

  take(image: number, step: number): void {
    const tiles = this.#ladders[image]?.[step]?.tiles ?? 0;
    this.#beyondOwed(image, tiles, (index, more) => {
      this.#free[index] = (this.#free[index] ?? 0) - more;
      return true;
    });
    this.spent += tiles - this.#tiles(image);
    this.#at[image] = step;
    this.most = Math.max(this.most, tiles);
  }

  #tiles(image: number): number {
    return this.#ladders[image]?.[this.step(image)]?.tiles ?? 0;
  }

  /** Each budget to come at which `tiles` are more than the image is owed by then, with how many more than what counts there now. */
  #beyondOwed(image: number, tiles: number, visit: (index: number, more: number) => boolean): void {
    const list = this.#owed[image] ?? [];
    const had = this.#tiles(image);
    for (let index = this.#past, at = -1; index < this.#budgets.length; index++) {
      while (at + 1 < list.length && (list[at + 1]?.from ?? 0) <= index) at++;
      const due = at < 0 ? 0 : (list[at]?.tiles ?? 0);
      if (due >= tiles) return;
      if (!visit(index, tiles - Math.max(had, due))) return;
    }
  }
}
