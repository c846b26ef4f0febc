import { FettleError, type MethodContext, type Model } from '../../core/index.ts';

/** The model that verifies: the one named for it, else the one that answers. */
export function verifyingModel({ models }: Pick<MethodContext, 'models'>): Model {
  return models.verifier ?? models.main;
}

/** Says what a verifier needs that a model does not have. */
export function lacking(model: Model, code: string, what: string, hint: string): FettleError {
  return new FettleError(`The model ${model.id} cannot verify steps: it ${what}.`, { code, hint });
}

/** P(positive) / (P(positive) + P(negative)) from natural-log probabilities. */
export function twoWay(positive: number, negative: number): number {
  if (positive === negative) return 0.5;
  return 1 / (1 + Math.exp(negative - positive));
}
