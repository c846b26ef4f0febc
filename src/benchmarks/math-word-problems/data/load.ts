import { type DataFault, FettleError } from '../../../core/index.ts';
import { noUsableRows, refuseRow, skippedNotes } from '../../faulty-rows.ts';
import type { MathOptions } from '../options.ts';
import { type ProblemSet, problemSets } from '../sets.ts';
import { chooseFiles, type FilesBySet } from './choose-files.ts';
import { findFiles, type FoundFiles, type ProblemFile } from './find-files.ts';
import { readFolds } from './folds.ts';
import type { Problem } from './problem.ts';
import { readFile } from './read-file.ts';

export interface LoadedProblems {
  readonly bySet: ReadonlyMap<ProblemSet, readonly Problem[]>;
  /** Solved problems for few-shot prompts, where they lie beside the data. */
  readonly train: ReadonlyMap<ProblemSet, readonly Problem[]>;
  readonly dataHash: string;
  readonly location: string;
  readonly notes: readonly string[];
}

/**
 * All problems of the split that is asked for. A single fault is an error; with `faults: 'skip'` faulty rows are left out
 * and noted.
 * @throws FettleError `data-missing`, `data-invalid`, or what the readers throw, with file and line
 */
export async function loadProblems(
  data: string,
  wanted: ProblemSet | undefined,
  options: MathOptions & { readonly signal?: AbortSignal | undefined },
): Promise<LoadedProblems> {
  const found = await findFiles(data, wanted);
  await using tree = found.tree;
  const chosen = chooseFiles(found, options.split, options.form);
  if (chosen.size === 0) throw nothingFound(found, wanted, options);
  const skipped: DataFault[] = [];
  const onFault = options.faults === 'skip' ? (fault: DataFault) => void skipped.push(fault) : refuseRow;
  const reading = { onFault, signal: options.signal };
  const bySet = await readSets(chosen, reading);
  if (options.list !== undefined) await keepListed(bySet, found, options.list);
  for (const [set, problems] of bySet)
    if (problems.length === 0) throw noUsableRows(`The data of ${set.title}`, tree.location, skipped);
  const withExamples = options.shots > 0 && (options.examples === 'auto' || options.examples === 'train');
  const train = withExamples && options.split !== 'train' ? await readExamples(found, chosen, reading) : new Map();
  const used = [...chosen.values()].flat();
  return {
    bySet,
    train,
    dataHash: await tree.sha256(used.map(({ entry }) => entry.path)),
    location: tree.location,
    notes: [...notesOn(found, used, wanted), ...skippedNotes(skipped), ...tree.notes],
  };
}

type Reading = Omit<Parameters<typeof readFile>[1], 'first'>;

async function readSets(chosen: FilesBySet, reading: Reading): Promise<Map<ProblemSet, Problem[]>> {
  const bySet = new Map<ProblemSet, Problem[]>();
  for (const set of problemSets) {
    const files = chosen.get(set);
    if (files === undefined) continue;
    const problems: Problem[] = [];
    for (const file of files) {
      for await (const problem of readFile(file, { ...reading, first: problems.length + 1 })) problems.push(problem);
    }
    bySet.set(set, problems);
  }
  return bySet;
}

/** Solved problems of the training split, else of the development split. */
async function readExamples(
  found: FoundFiles,
  chosen: FilesBySet,
  reading: Reading,
): Promise<Map<ProblemSet, Problem[]>> {
  const [train, dev] = [chooseFiles(found, 'train', undefined), chooseFiles(found, 'dev', undefined)];
  const sources = new Map<ProblemSet, readonly ProblemFile[]>();
  for (const set of chosen.keys()) {
    const files = train.get(set) ?? dev.get(set);
    if (files !== undefined) sources.set(set, files);
  }
  return readSets(sources, reading);
}

async function keepListed(bySet: Map<ProblemSet, Problem[]>, found: FoundFiles, list: string): Promise<void> {
  for (const [set, problems] of bySet) {
    if (set.name !== 'asdiv') continue;
    const ids = await readFolds(found.folds, list, found.tree.location);
    bySet.set(
      set,
      problems.filter(({ id }) => ids.has(id)),
    );
  }
}

function notesOn(found: FoundFiles, used: readonly ProblemFile[], wanted: ProblemSet | undefined): string[] {
  const notes: string[] = [];
  if (wanted === undefined) {
    const others = found.files.filter((file) => !used.includes(file)).map(({ entry }) => entry.path);
    if (others.length > 0) notes.push(`${others.length} other files of these sets are not used: ${some(others)}`);
    const unknown = found.ignored.map(({ path }) => path);
    if (unknown.length > 0) notes.push(`${unknown.length} files hold no problems of a known set: ${some(unknown)}`);
  }
  return notes;
}

const some = (names: readonly string[]): string => `${names.slice(0, 4).join(', ')}${names.length > 4 ? ', …' : ''}`;

function nothingFound(found: FoundFiles, wanted: ProblemSet | undefined, options: MathOptions): FettleError {
  const splits = [...new Set(found.files.map(({ split }) => split))];
  const forms = [...new Set(found.files.map(({ form }) => form))];
  const what = wanted === undefined ? 'problems of a known set' : `problems of ${wanted.title}`;
  const reasons = found.ignored.slice(0, 3).map(({ path, reason }) => `${path}: ${reason}`);
  const there =
    found.files.length > 0 ? `There are the splits ${splits.join(', ')} in the forms ${forms.join(', ')}. ` : '';
  return new FettleError(`There are no ${what} (split ${options.split}) here.`, {
    code: 'data-missing',
    where: found.tree.location,
    hint: `${there}${reasons.length > 0 ? `Left out: ${reasons.join('; ')}. ` : ''}Forms that are read are described in docs/math-word-problems.md.`,
    exitCode: 2,
  });
}
