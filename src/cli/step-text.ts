import { z } from 'zod';
import type { TraceStep } from '../core/index.ts';
import { roundText } from './round-text.ts';

/** What the method `leopard` writes into the trace. A step of another shape is shown as it is stored. */
const tilesStep = z.object({
  type: z.literal('tiles'),
  allocator: z.string(),
  tile: z.number(),
  budget: z.number(),
  visualInputs: z.number(),
  tokens: z.number(),
  share: z.number(),
  images: z.array(
    z.object({
      image: z.string(),
      width: z.number(),
      height: z.number(),
      rows: z.number(),
      columns: z.number(),
      tiles: z.number(),
      scale: z.number(),
    }),
  ),
  notes: z.array(z.string()),
});

/** One step of a method as lines for people. */
export function stepText(step: TraceStep): string[] {
  const round = roundText(step);
  if (round !== undefined) return round;
  const read = tilesStep.safeParse(step);
  if (!read.success) return [`  step ${step.type}: ${JSON.stringify(step)}`];
  const { allocator, tile, budget, visualInputs, tokens, share, images, notes } = read.data;
  const used = `${Math.round(share * 1000) / 10} % of the tiles used`;
  return [
    `  step tiles: ${visualInputs} visual inputs of ${budget} (${allocator}, tiles of ${tile} pixels), ${used}, ${tokens} tokens`,
    ...images.map(({ image, width, height, rows, columns, tiles, scale }, i) => {
      const grid = tiles === 0 ? 'no tiles' : `${rows} x ${columns} = ${tiles} tiles`;
      return `    ${i + 1}  ${image}  ${width} x ${height}  ${grid}, ${Math.round(scale * 100)} % of its resolution`;
    }),
    ...notes.map((note) => `    note: ${note}`),
  ];
}
