import { expect, it } from 'vitest';
import { histogramFigure, LogHistogram } from './histogram.ts';

function figure(values: readonly number[], p50: number, p90: number): string {
  const histogram = new LogHistogram();
  for (const value of values) histogram.add(value);
  return histogramFigure({ title: 'Tokens', histogram, format: (value) => value.toFixed(0), p50, p90 }).text;
}

it('draws no line where a median of nothing lies, on an axis that begins above it', () => {
  const drawn = figure([3, 3, 3], 0, 3);
  expect(drawn).not.toMatch(/NaN|Infinity/);
  expect(drawn.match(/class="reference"/g)).toHaveLength(1);
});

it('writes no tick twice', () => {
  const ticks = [...figure([3, 3, 3], 3, 3).matchAll(/text-anchor="middle">(\d+)</g)].map((found) => found[1]);
  expect(ticks.length).toBeGreaterThan(0);
  expect(new Set(ticks).size).toBe(ticks.length);
});
