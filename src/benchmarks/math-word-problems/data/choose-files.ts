import { usageError } from '../../../core/index.ts';
import type { ProblemSet } from '../sets.ts';
import type { FoundFiles, ProblemFile, SplitName } from './find-files.ts';
import { type ProblemForm, problemForms } from './forms.ts';

/** Each set's files of one split, in the order of the sets. */
export type FilesBySet = ReadonlyMap<ProblemSet, readonly ProblemFile[]>;

/** A file in parts, or one problem a file. */
const isPart = (path: string): boolean => /-\d{5}-of-\d{5}/.test(path) || /(?:^|\/)\d+\.json$/.test(path);

/**
 * The files of one split. Where a set lies there in several forms, the one asked for, else the earliest of
 * `problemForms`: a set's own release comes before the copies of others.
 * @throws usage error where two files could be meant
 */
export function chooseFiles(
  { files, tree }: Pick<FoundFiles, 'files' | 'tree'>,
  split: SplitName,
  form: ProblemForm | undefined,
): FilesBySet {
  const chosen = new Map<ProblemSet, readonly ProblemFile[]>();
  const wanted = files.filter((file) => file.split === split && (form === undefined || file.form === form));
  for (const [set, members] of Map.groupBy(wanted, (file) => file.set)) {
    const rank = (file: ProblemFile): number => problemForms.indexOf(file.form);
    const best = Math.min(...members.map(rank));
    const first = members.filter((file) => rank(file) === best);
    const parts = first.filter(({ entry }) => isPart(entry.path));
    const [one, two] = first;
    if (parts.length < first.length && one !== undefined && two !== undefined) {
      // Worked examples beside a training file are examples too, but not the file that is meant.
      const plain = first.filter(({ entry }) => !/demonstration/i.test(entry.path));
      const [only, more] = plain;
      if (only === undefined || more !== undefined) {
        throw usageError(`Two files are ${set.title}: ${one.entry.path} and ${two.entry.path}.`, {
          where: tree.location,
          hint: 'Give one of them as --data.',
        });
      }
      chosen.set(set, [only]);
    } else chosen.set(set, first);
  }
  return chosen;
}
