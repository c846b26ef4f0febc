import type { LossModule, UnlearningExperiment } from './experiment.ts';

export interface SweepPoint {
  readonly module: LossModule;
  readonly weight: number;
  /** Name of the arm that was trained so. */
  readonly arm: string;
  /** Whether the weight is that of the recipe, so that the arm is the method itself. */
  readonly own: boolean;
}

/** Loss weights that were tried, by module in ascending order; the recipe's own weight stands among each module's. */
export function sweepPoints({ arms, lossWeights }: Pick<UnlearningExperiment, 'arms' | 'lossWeights'>): SweepPoint[] {
  const method = arms.find(({ role }) => role === 'method');
  const tried = arms.flatMap(({ name, sweep }) => (sweep === undefined ? [] : { ...sweep, arm: name, own: false }));
  return [...Map.groupBy(tried, ({ module }) => module)].flatMap(([module, points]) => {
    const own =
      method === undefined || lossWeights === undefined
        ? []
        : [{ module, weight: lossWeights[module], arm: method.name, own: true }];
    return [...points, ...own].toSorted((a, b) => a.weight - b.weight);
  });
}
