import type { Layout, TaskType } from './vocabulary.ts';

type Budgets = Readonly<Record<TaskType, number>>;

/** Upper bounds of new tokens: room for a short preface, so that a right answer is not cut off. */
const ours: Budgets = {
  'multiple-choice': 8,
  retrieval: 24,
  ranking: 32,
  named_entity_recognition: 48,
  generation: 128,
};

/** The reference's run over a skill file. */
const skillRun: Budgets = {
  'multiple-choice': 1,
  retrieval: 100,
  ranking: 100,
  named_entity_recognition: 100,
  generation: 100,
};

/** The reference's scripts for single tasks. */
const taskRun: Budgets = {
  'multiple-choice': 4,
  retrieval: 15,
  ranking: 20,
  named_entity_recognition: 20,
  generation: 128,
};

/** Most new tokens for a question: ours, or those of the reference's program for the layout of the data. */
export function tokenBudget(type: TaskType, budgets: 'default' | 'reference', layout: Layout): number {
  if (budgets === 'default') return ours[type];
  return (layout === 'task' ? taskRun : skillRun)[type];
}
