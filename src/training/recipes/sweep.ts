import { z } from 'zod';
import type { ArmDefinition } from './arms.ts';
import { cliperaseObjective } from './arms.ts';

/** Loss terms of CLIPErase, each with its weight in the total. */
export const lossModules = ['forgetting', 'retention', 'consistency'] as const;

export type LossModule = (typeof lossModules)[number];

const weights = z.array(z.number().min(0)).min(1);

/** Weights to try of each loss, the others as configured. */
export const sweepSchema = z.strictObject({
  forgetting: weights.optional(),
  retention: weights.optional(),
  consistency: weights.optional(),
});

export type Sweep = z.output<typeof sweepSchema>;

/**
 * Arms that train CLIPErase with one loss weight changed, in the order of modules and weights. The weight that the
 * recipe has anyway is left out: that is the arm `f+r+c`.
 */
export function sweepArms(
  sweep: Sweep,
  config: Readonly<Record<LossModule, { readonly weight: number }>>,
): ArmDefinition[] {
  return lossModules.flatMap((module) =>
    [...new Set(sweep[module])]
      .filter((weight) => weight !== config[module].weight)
      .toSorted((a, b) => a - b)
      .map((weight): ArmDefinition => ({
        name: `f+r+c-${module}-${weight}`,
        title: `CLIPErase, ${module} weight ${weight}`,
        role: 'sweep',
        sweep: { module, weight },
        objective: (own) => cliperaseObjective({ ...own, [module]: { ...own[module], weight } }),
      })),
  );
}
