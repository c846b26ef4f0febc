import type { Scorer } from '../../../core/index.ts';
import type { PartRule } from './part-rules.ts';
import { scoreReference } from './reference/score-reference.ts';
import { scorerName } from './scorer-name.ts';
import { comparableAnswer, scoreStrict } from './strict/score-strict.ts';
import { chartTarget } from './target.ts';

export interface ChartScorerOptions {
  /** By sample id, one rule a gold part; used by `strict`. What `readPartRules` gives. */
  readonly partRules?: ReadonlyMap<string, readonly PartRule[]> | undefined;
}

/**
 * The benchmark's scorer, named `multichartqa`; samples carry a `ChartTarget`.
 * `reference` needs `settle: settleReference` on the opened benchmark.
 */
export function createChartScorer(mode: 'reference' | 'strict', options: ChartScorerOptions = {}): Scorer {
  return {
    name: scorerName,
    // Read as strict does, whatever the mode: what votes are the same does not depend on who counts them.
    extract: (text, sample) => comparableAnswer(text, chartTarget(sample.target)),
    score({ text }, sample) {
      const target = chartTarget(sample.target);
      if (mode === 'reference') return scoreReference(text, target);
      return scoreStrict(text, target, options.partRules?.get(sample.id));
    },
  };
}
