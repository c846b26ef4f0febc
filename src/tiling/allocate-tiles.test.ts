import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateTiles } from './allocate-tiles.ts';
import { pixelShuffle, tokensPerInput } from './pixel-shuffle.ts';
import type { ImageSize } from './tile-plan.ts';
import { allocators, type Allocator } from './tiling-options.ts';

const side = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 6000 }));
const size = fc.record({ width: side, height: side });
const some = fc.array(size, { minLength: 1, maxLength: 25 });
const lists = fc
  .tuple(some, fc.array(fc.nat(), { maxLength: 15 }))
  // Copies: images that are all alike are what ties are about.
  .map(([sizes, again]) => [...sizes, ...again.map((index) => sizes[index % sizes.length] as ImageSize)]);
const options = fc.record({
  budget: fc.integer({ min: 1, max: 120 }),
  tile: fc.constantFrom(224, 336, 364, 448),
  thumbnails: fc.boolean(),
});
const runs = { numRuns: 150 };
const page = { width: 1240, height: 1754 };

describe.each(allocators.map((allocator) => ({ allocator })))('allocateTiles, $allocator', ({ allocator }) => {
  it('never exceeds the budget, but by images that alone are more', () => {
    fc.assert(
      fc.property(lists, options, (sizes, rest) => {
        const plan = allocateTiles(sizes, { ...rest, allocator });
        expect(plan.visualInputs).toBeLessThanOrEqual(Math.max(rest.budget, sizes.length));
        expect(plan.visualInputs).toBe(plan.images.reduce((sum, image) => sum + image.visualInputs, 0));
        expect(plan.tokens).toBe(plan.visualInputs * 169);
        expect(plan.budget.used).toBeLessThanOrEqual(Math.max(plan.budget.tiles, rest.thumbnails ? 0 : sizes.length));
        for (const { visualInputs } of plan.images) expect(visualInputs).toBeGreaterThan(0);
        if (sizes.length > rest.budget) expect(plan.notes[0]).toMatch(/even without tiles/);
      }),
      runs,
    );
  });

  it('covers each scaled picture with tiles, exactly', () => {
    fc.assert(
      fc.property(lists, options, (sizes, rest) => {
        for (const image of allocateTiles(sizes, { ...rest, allocator }).images) {
          const { rows, columns, canvas, padding, scaled, boxes } = image;
          if (image.tiles === 0) continue;
          expect(canvas).toEqual({ width: columns * rest.tile, height: rows * rest.tile });
          expect(padding.left + scaled.width + padding.right).toBe(canvas.width);
          expect(padding.top + scaled.height + padding.bottom).toBe(canvas.height);
          expect(Math.min(padding.left, padding.top)).toBeGreaterThanOrEqual(0);
          expect(Math.min(scaled.width, scaled.height)).toBeGreaterThan(0);
          expect(scaled.width === canvas.width || scaled.height === canvas.height).toBe(true);
          const places = boxes.map(({ left, top }) => (top / rest.tile) * columns + left / rest.tile);
          expect(places).toEqual(Array.from({ length: rows * columns }, (_, place) => place));
        }
      }),
      runs,
    );
  });

  it('does not mind the order of images, but for which of those all alike gets what', () => {
    fc.assert(
      fc.property(lists, options, fc.infiniteStream(fc.nat()), (sizes, rest, stream) => {
        const shuffled = sizes
          .map((entry) => ({ entry, key: stream.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ entry }) => entry);
        const inOrder = (entries: readonly ImageSize[]): string[] =>
          allocateTiles(entries, { ...rest, allocator })
            .images.map(({ size, rows, columns }) => `${size.width}x${size.height} ${rows}x${columns}`)
            .sort();
        expect(inOrder(shuffled)).toEqual(inOrder(sizes));
      }),
      runs,
    );
  });
});

describe('allocateTiles', () => {
  const scalesAt = (sizes: readonly ImageSize[], allocator: Allocator, budget: number, tile: number): number[] =>
    allocateTiles(sizes, { allocator, budget, tile }).images.map(({ scale }) => scale);

  it.each(['water-fill', 'leopard', 'uniform', 'none'] as const)(
    'takes no image resolution when the budget grows: %s',
    (allocator) => {
      fc.assert(
        fc.property(lists, fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 40 }), (sizes, budget, more) => {
          const before = scalesAt(sizes, allocator, budget, 364);
          const after = scalesAt(sizes, allocator, budget + more, 364);
          before.forEach((scale, i) => expect(after[i]).toBeGreaterThanOrEqual(scale));
        }),
        { numRuns: 400 },
      );
    },
  );

  it('may take a tile with largest remainders when the budget grows, as all such quotas do', () => {
    const sizes = [
      { width: 365, height: 1 },
      { width: 911, height: 1639 },
    ];
    const before = scalesAt(sizes, 'largest-remainder', 16, 364);
    const after = scalesAt(sizes, 'largest-remainder', 18, 364);
    expect(after.some((scale, i) => scale < (before[i] ?? 0))).toBe(true);
  });

  it('shows no image worse than the released rule, or says so; none that needs tiles goes without while others have many', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 120 }), (sizes, budget) => {
        const released = scalesAt(sizes, 'leopard', budget, 364);
        const { images, notes } = allocateTiles(sizes, { budget });
        const most = Math.max(...images.map(({ tiles }) => tiles));
        images.forEach(({ scale, tiles }, i) => {
          if (scale < (released[i] ?? 0)) expect(notes.join('\n')).toContain(`Image ${i + 1} is shown at`);
          if (tiles === 0 && scale < 1) expect(most).toBeLessThanOrEqual(4);
        });
      }),
      { numRuns: 400 },
    );
  });

  it('gives twenty pages and slides tiles where the released rule gives none', () => {
    for (const picture of [page, { width: 1920, height: 1080 }]) {
      const sizes = Array.from({ length: 20 }, () => picture);
      expect(allocateTiles(sizes, { allocator: 'leopard' }).budget.used).toBe(0);
      const { budget, visualInputs } = allocateTiles(sizes);
      expect([budget.used, budget.raising, visualInputs]).toEqual([30, 30, 50]);
    }
  });

  it('gives thin strips tiles along the long side', () => {
    const strip = { width: 3508, height: 182 };
    expect(allocateTiles([strip], { allocator: 'leopard' }).images[0]?.tiles).toBe(0);
    for (const allocator of ['water-fill', 'largest-remainder', 'uniform'] as const) {
      expect(allocateTiles([strip], { allocator }).images[0]).toMatchObject({ rows: 1, columns: 10, scale: 1 });
    }
    expect(allocateTiles([{ width: 1, height: 10_000 }]).images[0]).toMatchObject({ columns: 1, rows: 28 });
  });

  it('gives nothing to pictures that the thumbnail shows whole', () => {
    expect(allocateTiles([{ width: 150, height: 100 }]).images[0]).toMatchObject({ tiles: 0, scale: 1, tokens: 169 });
  });

  it('has the worked results of the released rule', () => {
    const used = (count: number): number[] => {
      const { images, visualInputs, tokens } = allocateTiles(
        Array.from({ length: count }, () => page),
        { allocator: 'leopard' },
      );
      return [images[0]?.rows ?? 0, images[0]?.columns ?? 0, visualInputs, tokens];
    };
    expect(used(1)).toEqual([5, 3, 16, 2704]);
    expect(used(4)).toEqual([3, 3, 40, 6760]);
    expect(used(10)).toEqual([2, 2, 50, 8450]);
    expect(used(20)).toEqual([0, 0, 20, 3380]);
    const web = allocateTiles([{ width: 1280, height: 8000 }], { allocator: 'leopard' });
    expect(web.images[0]?.granted).toBe(48);
  });

  it('refuses what cannot be meant', () => {
    for (const bad of [
      { width: 0, height: 5 },
      { width: 1.5, height: 5 },
      { width: Number.NaN, height: 5 },
    ]) {
      expect(() => allocateTiles([page, bad])).toThrow(/Image 2 cannot be/);
    }
    expect(() => allocateTiles([page], { budget: 0 })).toThrow(/budget cannot be 0/);
    expect(() => allocateTiles([page], { tile: 3.5 })).toThrow(/tile cannot be/);
    expect(() => allocateTiles([page], { allocator: 'x' as Allocator })).toThrow(/no allocator "x"/);
    expect(() => allocateTiles([page], { encoder: 378 })).toThrow(/cannot be shuffled/);
    expect(allocateTiles([])).toMatchObject({ images: [], visualInputs: 0, tokens: 0 });
  });
});

describe('tokens', () => {
  it('counts features over blocks', () => {
    expect(tokensPerInput()).toBe(169);
    expect(tokensPerInput({ shuffle: 1 })).toBe(676);
    expect(tokensPerInput({ encoder: 336, shuffle: 2 })).toBe(144);
  });

  it('shuffles blocks of features into tokens', () => {
    const features = Array.from({ length: 16 }, (_, i) => [i]);
    expect(pixelShuffle(features)[1]).toEqual([2, 3, 6, 7]);
    expect(pixelShuffle([])).toEqual([]);
  });
});
