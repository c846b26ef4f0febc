import type { BenchmarkFigures, GroupFigure, TaskFigure } from '../../core/index.ts';
import { isPythonFloat } from '../../metrics/python/index.ts';
import { noSkill } from './data/read-questions.ts';
import { compareSkills } from './skills.ts';

/**
 * The table's lower lines: each skill is the unweighted mean of its tasks, and `overall` (ours: the released code
 * has none) the unweighted mean of the skills.
 *
 * Strict mode leaves tasks that were not scored out of the mean and says so. In the reference modes a skill with such
 * a task, or with one that the reference dies on, has no figure.
 */
export function shoppingFigures(tasks: readonly TaskFigure[], mode: string): BenchmarkFigures {
  const groups: Record<string, GroupFigure> = Object.create(null);
  const bySkill = Map.groupBy(tasks, (task) => task.labels['skill'] ?? noSkill);
  for (const [skill, members] of [...bySkill].toSorted(([a], [b]) => compareSkills(a, b))) {
    groups[skill] = (mode === 'reference' ? pandasCrash(members) : undefined) ?? meanOf(members, 'tasks', mode);
  }
  return { groups, overall: meanOf(Object.entries(groups).map(named), 'skills', mode) };
}

type NamedFigure = GroupFigure & { readonly name: string };

function named([name, figure]: readonly [string, GroupFigure]): NamedFigure {
  return { name, ...figure };
}

function meanOf(parts: readonly NamedFigure[], what: 'tasks' | 'skills', mode: string): GroupFigure {
  const scored = parts.filter((part) => part.score !== null);
  const score = scored.reduce((sum, part) => sum + (part.score as number), 0) / scored.length;
  if (parts.length > 0 && scored.length === parts.length) {
    const partial = parts.find((part) => part.reason !== undefined);
    return { score, ...(partial && { reason: `${partial.name}: ${partial.reason}` }) };
  }
  const failed = parts.find((part) => part.score === null && part.error !== undefined);
  if (mode !== 'strict' && failed !== undefined) return { score: null, error: `${failed.name}: ${failed.error}` };
  const left = parts.filter((part) => part.score === null);
  const why = left.find((part) => part.error ?? part.reason);
  const because = why === undefined ? '' : ` (${why.error ?? why.reason})`;
  if (scored.length === 0 || mode !== 'strict') {
    return { score: null, reason: `${left.length} of ${parts.length} ${what} have no figure${because}` };
  }
  return {
    score,
    reason: `mean of ${scored.length} of ${parts.length} ${what}: no figure for ${names(left)}${because}`,
  };
}

function names(parts: readonly { readonly name: string }[]): string {
  const shown = parts.slice(0, 4).map((part) => part.name);
  return `${shown.join(', ')}${parts.length > shown.length ? ', ...' : ''}`;
}

/**
 * The reference reads a skill's replies with pandas, which guesses types: where every one of them is a number to
 * Python's `float`, the column becomes numeric, and the first scorer that treats a reply as text dies.
 * (`read_json` of pandas 1.5.3 and 2.0.3: a column of texts is cast to float64 if that works for all of them, then to
 * int64 if nothing is lost; `lstrip` fails on both.)
 */
function pandasCrash(tasks: readonly TaskFigure[]): GroupFigure | undefined {
  let count = 0;
  for (const { replies } of tasks) {
    // Absent for replicates, whose errors are settled.
    if (replies === undefined) return undefined;
    if (!replies.every(isPythonFloat)) return undefined;
    count += replies.length;
  }
  if (count === 0) return undefined;
  return {
    score: null,
    error:
      'the reference dies of an AttributeError: every reply of this skill is a bare number, so pandas reads the column as numbers',
  };
}
