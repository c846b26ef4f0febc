import type { Message, TraceStep } from '../../core/index.ts';
import type { TilePlan } from '../../tiling/index.ts';
import { planTokens } from '../../tiling/tokens/index.ts';

/** Labels of all images, in the order in which they stand in the messages. */
export function imageLabels(messages: readonly Message[]): string[] {
  return messages.flatMap(({ content }) =>
    typeof content === 'string' ? [] : content.flatMap((part) => (part.type === 'image' ? [part.image.label] : [])),
  );
}

/** A plan as a step that the viewer and `fettle show` draw: sizes in pixels, the share of the budget from 0 to 1. */
export function planStep(
  plan: TilePlan,
  labels: readonly string[],
  { allocator, tile }: { readonly allocator: string; readonly tile: number },
): TraceStep {
  return {
    type: 'tiles',
    allocator,
    tile,
    budget: plan.budget.inputs,
    visualInputs: plan.visualInputs,
    tokens: plan.tokens,
    share: plan.budget.share,
    images: plan.images.map(({ size, rows, columns, tiles, scale }, i) => ({
      image: labels[i] ?? '',
      width: size.width,
      height: size.height,
      rows,
      columns,
      tiles,
      scale,
    })),
    families: Object.fromEntries(
      Object.entries(planTokens(plan.images, tile)).map(([family, tokens]) => [family, { ...tokens }]),
    ),
    notes: plan.notes,
  };
}
