import { usageError } from '../../core/index.ts';
import { fileImage } from '../../data/index.ts';
import {
  type Allocator,
  allocateTiles,
  drawGrids,
  resolveTilingOptions,
  tileImages,
  type TilePlan,
} from '../../tiling/index.ts';
import { planTokens } from '../../tiling/tokens/index.ts';
import type { TileOptions } from '../commands/tile.ts';
import { printable } from '../console.ts';
import type { CliContext } from '../context.ts';
import { planText, tokensText } from './plan-text.ts';
import { readSizeLists } from './read-size-lists.ts';
import { writeOverlay, writeTiles } from './write-tiles.ts';

interface Settings {
  readonly budget: number;
  readonly tile: number;
  readonly allocator: Allocator;
  readonly thumbnails: boolean;
}

function settingsOf({ tiles, budget, tile, allocator, thumbnails }: TileOptions): Settings {
  if (tiles !== undefined && budget !== undefined && tiles !== budget) {
    throw usageError('--tiles and --budget mean the same and say different numbers.', { hint: 'Give one of them.' });
  }
  // Whether there is such an allocator is checked there.
  const asked = { budget: tiles ?? budget, tile, allocator: allocator as Allocator | undefined, thumbnails };
  const resolved = resolveTilingOptions(asked);
  return { budget: resolved.budget, tile: resolved.tile, allocator: resolved.allocator, thumbnails };
}

/** What is printed of one plan: rows, columns and tiles are 0 for an image without a grid. */
function planJson(plan: TilePlan, { tile }: Settings): object {
  return {
    images: plan.images.map(({ size, tiles, rows, columns, visualInputs, tokens, scale }) => ({
      width: size.width,
      height: size.height,
      tiles,
      rows,
      columns,
      visualInputs,
      tokens,
      scale,
    })),
    visualInputs: plan.visualInputs,
    tokens: plan.tokens,
    budget: plan.budget,
    families: planTokens(plan.images, tile),
    notes: plan.notes,
  };
}

/** Plans lists of sizes; no image is read. */
export async function planSizes(
  file: string,
  images: readonly string[],
  options: TileOptions,
  context: CliContext,
): Promise<void> {
  if (images.length > 0 || options.out !== undefined || options.overlay !== undefined) {
    throw usageError('With --sizes tiles are planned only: there are no images to cut or to draw.', {
      where: '--sizes',
      hint: 'Give images, or sizes, not both.',
    });
  }
  const settings = settingsOf(options);
  const plans = (await readSizeLists(file)).map((list) =>
    allocateTiles(
      list.map(([width, height]) => ({ width, height })),
      settings,
    ),
  );
  if (context.json) {
    context.printJson(plans.map((plan) => planJson(plan, settings)));
    return;
  }
  for (const [at, plan] of plans.entries()) {
    const labels = plan.images.map((_, i) => `image ${i + 1}`);
    context.console.out(`list ${at + 1}\n${planText(plan, labels, settings)}`);
  }
}

/** Plans images, and writes tiles and a drawing of the grids where asked. */
export async function tileFiles(files: readonly string[], options: TileOptions, context: CliContext): Promise<void> {
  if (files.length === 0) {
    throw usageError('There are no images to tile.', {
      hint: 'Name files of images, or give sizes alone with --sizes FILE.json.',
    });
  }
  const settings = settingsOf(options);
  const images = files.map((file) => fileImage(file));
  const { plan, tiles } = await tileImages(images, settings);
  // Drawn before anything is written: it reads every image to its end.
  const drawing = options.overlay === undefined ? undefined : await drawGrids(images, plan, settings);
  const written = options.out === undefined ? [] : await writeTiles(tiles, options.out, context);
  if (drawing !== undefined && options.overlay !== undefined) await writeOverlay(drawing, options.overlay);
  if (context.json) {
    const facts = { files: written, ...(options.overlay !== undefined && { overlay: options.overlay }) };
    context.printJson({ ...planJson(plan, settings), ...facts });
    return;
  }
  context.console.out(printable(planText(plan, files, settings)));
  context.console.out(tokensText(planTokens(plan.images, settings.tile)));
  if (written.length > 0) context.console.out(printable(`${written.length} files in ${options.out ?? ''}\n`));
}
