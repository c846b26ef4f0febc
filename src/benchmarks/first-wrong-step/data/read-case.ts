import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../../core/index.ts';
import type { CaseContent } from './step-case.ts';

export type CaseForm = 'eic' | 'processbench';

export interface RowTrouble {
  readonly message: string;
  readonly hint?: string;
}

/** The form of a row, told by its fields. */
export function formOfCase(row: JsonObject): CaseForm | undefined {
  if ('transformed_solution' in row && 'wrong_step' in row) return 'eic';
  if ('problem' in row && Array.isArray(row['steps']) && 'label' in row) return 'processbench';
  return undefined;
}

/** Steps of EIC: the lines of the solution without the one of the answer. */
export function stepsOfSolution(solution: string): string[] {
  const lines = solution.trim().split(/\r?\n/);
  if (/^\s*####/.test(lines.at(-1) ?? '')) lines.pop();
  return lines.map((line) => line.trim());
}

/** Names a planted error by what is in it, so that files of results are joined to the cases they were made from. */
function keyOf(question: string, solution: string): string {
  return createHash('sha256')
    .update(JSON.stringify([question, solution]))
    .digest('hex')
    .slice(0, 12);
}

const isText = (value: JsonValue | undefined): value is string => typeof value === 'string' && value.trim() !== '';

/** What a row says, or what is wrong with it. */
export function readCase(form: CaseForm, row: JsonObject): CaseContent | RowTrouble {
  return form === 'eic' ? readEic(row) : readProcessBench(row);
}

/**
 * EIC (Li et al., ACL Findings 2024, arXiv 2406.00755). `wrong_step` counts from 1, as its explanations do: nearly all
 * first lines that differ from the original solution are the line of that number.
 */
function readEic(row: JsonObject): CaseContent | RowTrouble {
  const { question, transformed_solution: solution, wrong_step: step, original_answer: right } = row;
  if (!isText(question)) return { message: 'the field "question" must be a text' };
  if (!isText(solution)) return { message: 'the field "transformed_solution" must be a text' };
  if (typeof step !== 'number' || !Number.isInteger(step) || step < 0) {
    return { message: `the field "wrong_step" must be a whole number, this is ${JSON.stringify(step)}` };
  }
  const folder = row['upstream_folder'];
  return {
    key: keyOf(question, solution),
    question,
    steps: stepsOfSolution(solution),
    wrongStep: step,
    labels: {
      ...(typeof row['wrong_type'] === 'string' && { error: row['wrong_type'] }),
      step: step > 8 ? 'over 8' : String(step),
    },
    ...(typeof folder === 'string' && { task: folder.split('/')[0] as string }),
    ...((typeof right === 'string' || typeof right === 'number') && { rightAnswer: right }),
  };
}

/** ProcessBench (Zheng et al., ACL 2025, arXiv 2412.06559): `label` counts from 0, -1 where all steps are right. */
function readProcessBench(row: JsonObject): CaseContent | RowTrouble {
  const { id, problem, steps, label } = row;
  if (!isText(problem)) return { message: 'the field "problem" must be a text' };
  if (!Array.isArray(steps) || steps.length === 0 || !steps.every((step: JsonValue) => typeof step === 'string')) {
    return { message: 'the field "steps" must be a list of texts' };
  }
  if (typeof label !== 'number' || !Number.isInteger(label) || label < -1 || label >= steps.length) {
    return { message: `the field "label" must be a step from 0 to ${steps.length - 1}, or -1` };
  }
  const texts = steps.map(String);
  const generator = row['generator'];
  return {
    key: isText(id) ? id : keyOf(problem, texts.join('\n')),
    question: problem,
    steps: texts,
    wrongStep: label < 0 ? null : label + 1,
    labels: {
      solution: label < 0 ? 'right' : 'wrong',
      ...(typeof generator === 'string' && { generator }),
    },
    ...(isText(id) && /^[a-z]+\d*[a-z]*-/i.test(id) && { task: id.slice(0, id.lastIndexOf('-')) }),
  };
}
