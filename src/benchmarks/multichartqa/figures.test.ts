import { describe, expect, it } from 'vitest';
import type { TaskFigure } from '../../core/index.ts';
import { chartFigures } from './figures.ts';

const task = (name: string, category: string, n: number, score: number | null, reason?: string): TaskFigure => ({
  name,
  labels: { category },
  n,
  score,
  ...(reason === undefined ? {} : { reason }),
});

describe('chartFigures', () => {
  it('weighs tasks by their questions, and lists categories in the order of the paper', () => {
    const { groups, overall } = chartFigures([
      task('s', 'Sequential', 10, 0),
      task('d/1', 'Direct', 30, 0.5),
      task('d/2', 'Direct', 10, 0.9),
      task('soup', 'Cooking', 10, 1),
    ]);
    expect(Object.keys(groups)).toEqual(['Direct', 'Sequential', 'Cooking']);
    expect(groups['Direct']?.score).toBeCloseTo((30 * 0.5 + 10 * 0.9) / 40, 12);
    expect(overall.score).toBeCloseTo((15 + 9 + 10) / 60, 12);
  });

  it('leaves out tasks without a figure and says which; without any there is none', () => {
    const missing = task('d/2', 'Direct', 10, null, 'no reply');
    const { groups } = chartFigures([task('d/1', 'Direct', 30, 0.5), missing]);
    expect(groups['Direct']).toEqual({ score: 0.5, reason: 'd/2 has no figure: no reply' });
    expect(chartFigures([missing]).overall).toEqual({ score: null, reason: 'no reply' });
  });
});
