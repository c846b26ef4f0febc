import type { Scorer } from '../../../core/index.ts';
import { relaxedMatch } from '../../../metrics/index.ts';
import { chartTarget } from './target.ts';
import { goldTexts, lineOf } from './strict/score-strict.ts';
import { splitParts } from './strict/split-parts.ts';

/**
 * ChartQA's relaxed accuracy (Masry et al., Findings of ACL 2022), named `relaxed`, of the final answer part by part:
 * numbers within 5 % whatever they stand for, everything else letter for letter, case aside.
 */
export function createRelaxedScorer(): Scorer {
  return {
    name: 'relaxed',
    score({ text }, sample) {
      const golds = goldTexts(chartTarget(sample.target).answer);
      const line = lineOf(text);
      if (line === null) return { value: 0, parsed: false, explanation: 'no answer to read' };
      const { texts } = splitParts(line.text, golds.length);
      const right = golds.filter((gold, i) => relaxedMatch(texts[i] ?? '', gold)).length;
      return { value: right / Math.max(golds.length, texts.length), parsed: true, answer: texts.join('; ') };
    },
  };
}
