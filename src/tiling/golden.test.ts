import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { leopardGrants, leopardGrid, leopardRawCount } from './allocators/leopard.ts';
import { allocateTiles } from './allocate-tiles.ts';
import { pixelShuffle } from './pixel-shuffle.ts';
import { leopardInferencePrompt } from './prompts/leopard-inference.ts';
import { leopardTrainingPrompt, type TrainingTurn } from './prompts/leopard-training.ts';
import type { ImagePlan } from './tile-plan.ts';

/** Reference vectors of the released code, beside the checkout; skipped where they are not. */
const folder = fileURLToPath(new URL('../../../shared/data/leopard/golden/', import.meta.url));
const present = existsSync(folder);
const golden = <T>(name: string): T => JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')) as T;
const toSize = ([width = 0, height = 0]: readonly number[]) => ({ width, height });

interface Allocation {
  readonly pipeline_cases: readonly {
    readonly sizes_wh: number[][];
    readonly total_budget: number;
    readonly patch_side: number;
    readonly expected: {
      readonly mode: string;
      readonly alloc?: number[];
      readonly images?: unknown[];
      readonly tiles_total?: number;
      readonly vit_inputs?: number;
      readonly visual_tokens?: number;
    };
  }[];
  readonly allocate_patches_cases: readonly {
    readonly sizes_wh: number[][];
    readonly patch_side: number;
    readonly patch_budget: number;
    readonly expected: number[];
  }[];
  readonly select_best_resolution_cases: readonly {
    readonly size_wh: number[];
    readonly num_patches: number;
    readonly expected_wh: number[] | null;
  }[];
}

function asReference(image: ImagePlan): unknown {
  const { size, granted, tiles, canvas, scaled, padding, columns, rows, boxes } = image;
  const common = { size_wh: [size.width, size.height], alloc: granted, tiles };
  if (tiles === 0) return { ...common, target_wh: null };
  return {
    ...common,
    target_wh: [canvas.width, canvas.height],
    resized_wh: [scaled.width, scaled.height],
    paste_xy: [padding.left, padding.top],
    cols: columns,
    rows,
    first_last_box: [boxes[0], boxes.at(-1)].map((box) => {
      if (box === undefined) throw new Error('a grid without boxes');
      return [box.left, box.top, box.left + box.width, box.top + box.height];
    }),
  };
}

describe.skipIf(!present)('the released rule of LEOPARD, on its reference vectors', () => {
  const allocation = present ? golden<Allocation>('golden-allocation') : undefined;
  const pipeline = allocation?.pipeline_cases ?? [];

  it('plans every list of images alike: grants, grids, sizes, places, tokens', () => {
    expect(pipeline.length).toBeGreaterThan(800);
    for (const { sizes_wh: sizes, total_budget: budget, patch_side: tile, expected } of pipeline) {
      const plan = allocateTiles(sizes.map(toSize), { allocator: 'leopard', budget, tile });
      if (expected.mode === 'no-tiling') {
        expect(plan).toMatchObject({ visualInputs: sizes.length, budget: { used: 0 } });
        continue;
      }
      expect(plan.images.map(({ granted }) => granted)).toEqual(expected.alloc);
      expect(plan.images.map(asReference)).toEqual(expected.images);
      expect([plan.budget.used, plan.visualInputs, plan.tokens]).toEqual([
        expected.tiles_total,
        expected.vit_inputs,
        expected.visual_tokens,
      ]);
    }
  });

  it('grants and chooses grids alike, taken alone', () => {
    for (const entry of allocation?.allocate_patches_cases ?? []) {
      expect(leopardGrants(entry.sizes_wh.map(toSize), entry.patch_side, entry.patch_budget)).toEqual(entry.expected);
    }
    for (const {
      size_wh: size,
      num_patches: tiles,
      expected_wh: expected,
    } of allocation?.select_best_resolution_cases ?? []) {
      const grid = leopardGrid(toSize(size), tiles, 364);
      expect(grid === undefined ? null : [grid.columns * 364, grid.rows * 364]).toEqual(expected);
    }
  });

  it('is bettered by the default on lists over the budget: use, and no image worse without a note', () => {
    let lists = 0;
    const share = { released: 0, ours: 0 };
    for (const { sizes_wh, total_budget: budget, patch_side: tile } of pipeline) {
      const sizes = sizes_wh.map(toSize);
      const left = budget - sizes.length;
      if (left <= 0 || sizes.reduce((sum, size) => sum + leopardRawCount(size, tile), 0) <= left) continue;
      lists++;
      const released = allocateTiles(sizes, { allocator: 'leopard', budget, tile });
      const ours = allocateTiles(sizes, { budget, tile });
      share.released += released.budget.share;
      share.ours += ours.budget.share;
      const most = Math.max(...ours.images.map(({ tiles }) => tiles));
      ours.images.forEach(({ scale, tiles }, i) => {
        const before = released.images[i]?.scale ?? 0;
        if (scale < before) expect(ours.notes.join('\n')).toContain(`Image ${i + 1} is shown at`);
        if (tiles === 0 && scale < 1) expect(most).toBeLessThanOrEqual(4);
      });
    }
    expect(lists).toBeGreaterThan(200);
    expect(share.ours / lists).toBeGreaterThan(0.95);
    expect(share.released / lists).toBeLessThan(0.65);
  });

  it('renders prompts alike', () => {
    const { training_cases: training, inference_cases: inference } = golden<{
      training_cases: {
        messages: TrainingTurn[];
        num_image: number;
        per_image_token: number;
        num_patches_per_image: number[] | null;
        expected: { error?: string; segments?: string[]; loss_weights?: number[] } | null;
      }[];
      inference_cases: {
        question: string;
        n_images: number;
        tiles: number[];
        expected: string;
        unreplaced_markers: number;
      }[];
    }>('golden-prompts');
    for (const { messages, num_image: images, per_image_token, num_patches_per_image: tiles, expected } of training) {
      const render = () =>
        leopardTrainingPrompt(messages, {
          images,
          tiles,
          tokensPerInput: per_image_token,
          placeholder: '<IMG>',
          beginOfText: '<BOS>',
        });
      if (expected?.error !== undefined) {
        expect(render).toThrow(/no marker/);
        continue;
      }
      const rendered = render();
      expect(rendered === null ? null : { segments: rendered.segments, loss_weights: rendered.lossWeights }).toEqual(
        expected,
      );
    }
    const instructed = /\n([^\n]*)<\|eot_id\|>/;
    for (const { question, n_images: images, tiles, expected, unreplaced_markers } of inference) {
      const instruction = instructed.exec(expected)?.[1] ?? '';
      expect(leopardInferencePrompt(question, { images, tiles, instruction, markers: 'reference' })).toEqual({
        text: expected,
        unreplacedMarkers: unreplaced_markers,
      });
      expect(leopardInferencePrompt(question, { images, tiles, instruction }).unreplacedMarkers).toBe(0);
    }
  });

  it('shuffles features alike, and refuses the same grids', () => {
    const { cases } = golden<{
      cases: ({ side: number; dim: number; scale: number; expected: number[][][] } | { seq: number; scale: number })[];
    }>('golden-pixel-shuffle');
    for (const entry of cases) {
      if ('seq' in entry) {
        const features = Array.from({ length: entry.seq }, () => [0]);
        expect(() => pixelShuffle(features, entry.scale)).toThrow(/cannot be shuffled/);
        continue;
      }
      const { side, dim, scale, expected } = entry;
      const features = Array.from({ length: side * side }, (_, i) =>
        Array.from({ length: dim }, (_, k) => i * dim + k),
      );
      expect([pixelShuffle(features, scale)]).toEqual(expected);
    }
  });
});
