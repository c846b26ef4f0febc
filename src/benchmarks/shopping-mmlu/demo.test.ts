import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../core/index.ts';
import { shoppingMmlu } from './benchmark.ts';
import { languages } from './language.ts';
import { samplesOf, scored } from './testing/fixture.ts';
import { toyEmbedder } from './testing/toy-encoder.ts';
import { metrics, modes, taskTypes } from './vocabulary.ts';

/** The reply of a model that knows the gold answers. */
function perfect(target: JsonValue): string {
  if (!Array.isArray(target)) return String(target);
  // Weights: candidates by weight. Lists of texts and numbers: as they are.
  const weights = target.every((item) => typeof item === 'number' && item <= 1 && target.length === 5);
  if (!weights) return target.join(', ');
  return target
    .map((weight, i) => [weight as number, i + 1] as const)
    .toSorted((a, b) => b[0] - a[0])
    .map(([, number]) => number)
    .join(', ');
}

describe('the demonstration set', () => {
  it('covers types, metrics, skills and languages', async () => {
    const { tasks } = await shoppingMmlu.open({ data: 'demo', mode: 'strict', options: {} });
    const samples = (await samplesOf(tasks)).map(({ sample }) => sample);
    const of = (label: string): string[] =>
      [...new Set(samples.map((sample) => sample.labels?.[label] ?? ''))].toSorted();
    expect(samples.length).toBeGreaterThanOrEqual(72);
    expect(tasks.length).toBeGreaterThanOrEqual(16);
    expect(of('type')).toEqual(taskTypes.toSorted());
    expect(of('metric')).toEqual(metrics.toSorted());
    expect(of('skill')).toEqual(['behavior', 'concept', 'multilingual', 'reasoning']);
    expect(of('language')).toEqual(languages.toSorted());
  });

  it.each(modes)('gives a perfect model 1 everywhere in mode %s', async (mode) => {
    const { tasks } = await shoppingMmlu.open({ data: 'demo', mode, options: {} });
    for (const { task, sample } of await samplesOf(tasks)) {
      const score = await scored(task, sample, perfect(sample.target), { embedder: toyEmbedder });
      expect(score.value, `${sample.id} ${JSON.stringify(sample.target)} ${score.explanation}`).toBeCloseTo(1, 9);
    }
  });
});
