import type { Model, Usage } from './model.ts';

/** Money for one call by the model's price list, in the list's currency; 0 where the model has none. */
export function costOf(model: Model, usage: Usage): number {
  const prices = model.prices;
  if (prices === undefined) return 0;
  const input = usage.inputTokens ?? 0;
  const cached = Math.min(usage.cachedInputTokens ?? 0, input);
  const cachedPrice = prices.cachedInputPerMillion ?? prices.inputPerMillion;
  return (
    ((input - cached) * prices.inputPerMillion +
      cached * cachedPrice +
      (usage.outputTokens ?? 0) * prices.outputPerMillion) /
    1e6
  );
}
