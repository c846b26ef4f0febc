import type { Scorer } from '../../../core/index.ts';
import type { PartRule } from './part-rules.ts';

export interface ChartScorerOptions {
  /** By sample id, one rule a gold part; used by `strict`. What `readPartRules` gives. */
  readonly partRules?: ReadonlyMap<string, readonly PartRule[]> | undefined;
}

/**
 * The benchmark's scorer, named `multichartqa`; samples carry a `ChartTarget`.
 * `reference` needs `settle: settleReference` on the opened benchmark.
 */
export function createChartScorer(_mode: 'reference' | 'strict', _options: ChartScorerOptions = {}): Scorer {
  return {
    name: 'multichartqa',
    score: () => ({ value: null, parsed: false, reason: 'not scored' }),
  };
}
