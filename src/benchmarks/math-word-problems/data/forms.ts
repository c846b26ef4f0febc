import type { JsonObject } from '../../../core/index.ts';

/**
 * The forms in which the sets are released: `gsm8k` (grade-school-math), `gsm-steps` and `gsm-ic` (GSM-IC), `svamp`,
 * `aqua`, `math` (MATH, PRM800K's splits, MATH500), `asdiv-xml`, `asdiv-rows` (Qwen2.5-Math), `prp` (PRP, StepCo), `i3c`
 * (I3C-Select), `mawps` (Qwen2.5-Math), `paths` (outputs of Qwen2.5-Math and ToRA, which hold their questions).
 */
export const problemForms = [
  'gsm8k',
  'svamp',
  'aqua',
  'math',
  'asdiv-xml',
  'asdiv-rows',
  'prp',
  'gsm-ic',
  'i3c',
  'mawps',
  'gsm-steps',
  'paths',
] as const;

export type ProblemForm = (typeof problemForms)[number];

/** Sets that a form can hold; undefined for any that its name tells. */
export const setsOfForm: Partial<Readonly<Record<ProblemForm, readonly string[]>>> = {
  gsm8k: ['gsm8k'],
  'gsm-steps': ['gsm8k'],
  'gsm-ic': ['gsm-ic2', 'gsm-icm'],
  svamp: ['svamp'],
  aqua: ['aqua'],
  math: ['math', 'math500'],
  'asdiv-xml': ['asdiv'],
  'asdiv-rows': ['asdiv'],
};

const is = (row: JsonObject, type: 'string' | 'list' | 'value', ...names: readonly string[]): boolean =>
  names.every((name) => {
    const value = row[name];
    if (type === 'list') return Array.isArray(value);
    return type === 'string' ? typeof value === 'string' : value !== undefined && value !== null;
  });

/** The form of a row, told by its fields alone; undefined where it is none of them. */
export function formOfRow(row: JsonObject): ProblemForm | undefined {
  // Logs of solvers repeat the fields of their questions.
  if ('Initial_Step' in row || 'iter-0' in row || 'final_answer' in row) return undefined;
  if (is(row, 'string', 'question') && is(row, 'list', 'code') && ('gt' in row || 'answer' in row)) return 'paths';
  if (is(row, 'string', 'Body', 'Question') && 'Answer' in row) return 'svamp';
  if (is(row, 'string', 'body', 'question') && 'answer' in row) return 'asdiv-rows';
  if (is(row, 'string', 'question', 'correct') && 'options' in row) return 'aqua';
  if (is(row, 'string', 'original_question') && 'gold_answer' in row) return 'i3c';
  if (is(row, 'string', 'new_question') && 'answer' in row) return 'gsm-ic';
  if (is(row, 'string', 'problem') && 'gold_answer' in row) return 'prp';
  if (is(row, 'string', 'problem') && ('answer' in row || 'solution' in row)) return 'math';
  if (is(row, 'string', 'question', 'answer') && /####/.test(String(row['answer']))) return 'gsm8k';
  if (is(row, 'string', 'question') && 'answer' in row && 'n_steps' in row) return 'gsm-steps';
  if (is(row, 'string', 'input') && 'target' in row) return 'mawps';
  return undefined;
}
