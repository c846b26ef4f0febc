import { describe, expect, it } from 'vitest';
import type { TaskFigure } from '../../core/index.ts';
import { shoppingFigures } from './figures.ts';

function task(skill: string, score: number | null, more: Partial<TaskFigure> = {}): TaskFigure {
  return { name: `${skill}-task`, labels: { skill }, n: 1, score, ...more };
}

describe('shoppingFigures', () => {
  it('averages tasks per skill, then skills', () => {
    const { groups, overall } = shoppingFigures(
      [task('zeta', 1), task('concept', 0), task('concept', 1), task('behavior', 1)],
      'strict',
    );
    expect(groups).toEqual({ concept: { score: 0.5 }, behavior: { score: 1 }, zeta: { score: 1 } });
    expect(Object.keys(groups)).toEqual(['concept', 'behavior', 'zeta']);
    expect(overall.score).toBeCloseTo(2.5 / 3, 12);
  });

  it('says what a strict mean leaves out, and refuses a partial one in reference modes', () => {
    const tasks = [task('concept', 0.5), task('concept', null, { name: 'explain', reason: 'encoder missing' })];
    expect(shoppingFigures(tasks, 'strict').groups['concept']).toEqual({
      score: 0.5,
      reason: 'mean of 1 of 2 tasks: no figure for explain (encoder missing)',
    });
    expect(shoppingFigures(tasks, 'strict').overall.reason).toContain('concept: mean of 1 of 2');
    expect(shoppingFigures(tasks, 'reference').overall).toMatchObject({ score: null });
  });

  it('carries a crash of the reference up', () => {
    const tasks = [task('concept', null, { error: 'ZeroDivisionError' }), task('behavior', 1)];
    const { groups, overall } = shoppingFigures(tasks, 'reference');
    expect(groups['concept']).toEqual({ score: null, error: 'concept-task: ZeroDivisionError' });
    expect(overall.error).toContain('ZeroDivisionError');
  });

  it('knows when pandas takes all replies of a skill for numbers', () => {
    const numbers = [
      task('concept', 1, { replies: ['1', ' 2'] }),
      task('concept', 1, { replies: ['1.5', 'nan', '1_0'] }),
    ];
    const reference = shoppingFigures(numbers, 'reference');
    expect(reference.groups['concept']?.score).toBeNull();
    expect(reference.groups['concept']?.error).toContain('AttributeError');
    expect(shoppingFigures(numbers, 'reference-kdd').groups['concept']?.score).toBe(1);
    const mixed = [...numbers, task('concept', 1, { replies: [''] })];
    expect(shoppingFigures(mixed, 'reference').groups['concept']?.score).toBe(1);
  });
});
