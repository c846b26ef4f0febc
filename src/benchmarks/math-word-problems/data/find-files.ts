import { existsSync } from 'node:fs';
import { FettleError, type JsonObject } from '../../../core/index.ts';
import { type DataEntry, type DataTree, formatOfName, openData, readRows, readText } from '../../../data/index.ts';
import { type ProblemSet, problemSets, setNamed } from '../sets.ts';
import { type ProblemForm, formOfRow, setsOfForm } from './forms.ts';

export const splitNames = ['test', 'train', 'dev'] as const;
export type SplitName = (typeof splitNames)[number];

/** A file of problems. */
export interface ProblemFile {
  readonly entry: DataEntry;
  readonly form: ProblemForm;
  readonly split: SplitName;
  readonly set: ProblemSet;
}

export interface FoundFiles {
  readonly tree: DataTree;
  readonly files: readonly ProblemFile[];
  /** ASDiv's lists of ids: `nfolds.json`, or text files in folders of the lists' names. */
  readonly folds: readonly DataEntry[];
  readonly ignored: readonly { readonly path: string; readonly reason: string }[];
}

/** Folders with more JSON files than this hold one problem a file (MATH), all in one form. */
const manyFiles = 50;

/**
 * Finds the files of problems, the form of each told by what is in it. Where a form can hold several sets, the names of
 * the file and of its folders tell which; a file whose names tell nothing is of the set that is asked for.
 *
 * @param wanted the one set that is asked for, undefined for all
 */
export async function findFiles(data: string, wanted: ProblemSet | undefined): Promise<FoundFiles> {
  // A set that is packed is still meant by its name.
  const path = !existsSync(data) && existsSync(`${data}.gz`) ? `${data}.gz` : data;
  const tree = await openData(path);
  try {
    const entries = await tree.list(
      (name) => tree.kind === 'file' || formatOfName(name) !== undefined || /\.(?:xml(?:\.gz)?|txt)$/i.test(name),
    );
    const files: ProblemFile[] = [];
    const folds: DataEntry[] = [];
    const ignored: { path: string; reason: string }[] = [];
    const formOfFolder = new Map<string, ProblemForm | undefined>();
    const perFolder = Map.groupBy(entries, folderOf);
    for (const entry of entries) {
      if (/\.txt$/i.test(entry.path)) {
        if (/asdiv-[a-z]+\/fold\d+\.txt$/i.test(entry.path)) folds.push(entry);
        continue;
      }
      const folder = folderOf(entry);
      const many = (perFolder.get(folder)?.length ?? 0) > manyFiles;
      const found = many && formOfFolder.has(folder) ? formOfFolder.get(folder) : await formOf(entry);
      if (many && found !== 'folds') formOfFolder.set(folder, found);
      if (found === 'folds') folds.push(entry);
      else if (found === undefined) ignored.push({ path: entry.path, reason: 'it holds no problems of a known form' });
      else {
        const set = setOf(entry, found, wanted, tree);
        if (typeof set === 'string') ignored.push({ path: entry.path, reason: set });
        else files.push({ entry, form: found, split: splitOf(entry.path), set });
      }
    }
    return { tree, files, folds, ignored };
  } catch (error) {
    await tree.close();
    throw error;
  }
}

const folderOf = ({ path }: DataEntry): string => path.slice(0, path.lastIndexOf('/') + 1);

/** What a file holds, told by its beginning. */
async function formOf(entry: DataEntry): Promise<ProblemForm | 'folds' | undefined> {
  if (/\.xml(?:\.gz)?$/i.test(entry.path)) return 'asdiv-xml';
  if (formatOfName(entry.name) === undefined) {
    const start = (await readText(entry)).trimStart();
    if (start.startsWith('<')) return 'asdiv-xml';
  }
  try {
    for await (const { value } of readRows(entry)) return formOfRow(value) ?? (areFolds(value) ? 'folds' : undefined);
  } catch (error) {
    // A damaged first row is a fault of the rows, to be told with its line, where the rest says what the file is.
    if (!FettleError.isInstance(error)) throw error;
    for await (const { value } of readRows(entry, { onFault: () => undefined })) return formOfRow(value);
  }
  return undefined;
}

const areFolds = (value: JsonObject): boolean => Array.isArray(value['asdiv-a']) || Array.isArray(value['asdiv-w']);

/** The set of a file, or why it is left out. */
function setOf(
  entry: DataEntry,
  form: ProblemForm,
  wanted: ProblemSet | undefined,
  tree: DataTree,
): ProblemSet | string {
  const possible = setsOfForm[form];
  const allowed = (set: ProblemSet): boolean => possible === undefined || possible.includes(set.name);
  const only = possible?.length === 1 ? problemSets.find(({ name }) => name === possible[0]) : undefined;
  const set =
    only ?? namesOf(entry, tree).find(allowed) ?? (wanted !== undefined && allowed(wanted) ? wanted : undefined);
  if (set === undefined) return `it is in the form ${form}, and its name tells no set`;
  if (wanted !== undefined && set !== wanted) return `it is ${set.title}`;
  return set;
}

/** Sets that the file and its folders are named after, the nearest name first. */
function namesOf({ path }: DataEntry, tree: DataTree): ProblemSet[] {
  const inside = path.replace(/(?:\.[a-z]+)?(?:\.(?:gz|zst))?$/i, '').split('/');
  const outside = tree.kind === 'file' ? tree.location.split(/[/\\]/).slice(0, -1) : tree.location.split(/[/\\]/);
  return [...inside.toReversed(), ...outside.toReversed().slice(0, 2)].flatMap((name) => setNamed(name) ?? []);
}

function splitOf(path: string): SplitName {
  const parts = path.toLowerCase().split('/');
  const name = parts.pop() ?? '';
  for (const part of [name, ...parts.toReversed()]) {
    if (/(?:^|[^a-z])(?:train|demonstrations?)/.test(part)) return 'train';
    if (/(?:^|[^a-z])(?:dev|valid|validation)(?:[^a-z]|$)/.test(part)) return 'dev';
    if (/(?:^|[^a-z])test(?:[^a-z]|$)/.test(part)) return 'test';
  }
  return 'test';
}
