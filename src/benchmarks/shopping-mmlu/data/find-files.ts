import { type DataEntry, type DataTree, formatOfName, readRows, type Row } from '../../../data/index.ts';
import type { DataFault } from '../../../core/index.ts';
import { usageError } from '../../../core/index.ts';
import type { Layout, TaskType } from '../vocabulary.ts';

/** A file that holds questions. */
export interface QuestionFile {
  readonly entry: DataEntry;
  readonly layout: Layout;
  /** Task layout: the type, by the file's folder. */
  readonly type?: TaskType;
  /** Name without folders and endings. */
  readonly stem: string;
}

export interface FoundFiles {
  /** Of one layout, in the order of their paths. */
  readonly files: readonly QuestionFile[];
  /** Files that were left out, each with the reason. */
  readonly ignored: readonly { readonly path: string; readonly reason: string }[];
  readonly archives: readonly DataEntry[];
}

const typeFolders: Readonly<Record<string, TaskType>> = {
  multiple_choice: 'multiple-choice',
  'multiple-choice': 'multiple-choice',
  retrieval: 'retrieval',
  ranking: 'ranking',
  named_entity_recognition: 'named_entity_recognition',
  generation: 'generation',
};

const archiveName = /\.(?:zip|tar|tgz|tar\.gz)$/i;
/** Papers that come with data: not worth a word. */
const prose =
  /(?:^|\/)(?:licen[cs]e|notice|readme|source)?[^/]*\.(?:md|txt|rst|pdf|html?)$|(?:^|\/)(?:licen[cs]e|notice|readme)$/i;

/** File name without folders and endings: `skills/skill1_concept.json.gz` gives `skill1_concept`. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.replace(/\.(?:gz|zst)$/i, '').replace(/\.[a-z0-9]+$/i, '');
}

/**
 * Finds the benchmark's files by what their first rows hold, whatever they are called.
 * Where several layouts are there (the official archive has the questions twice), the skill files win, then the
 * KDD Cup's, then the task files; `layout` asks for another.
 */
export async function findFiles(tree: DataTree, layout?: Layout): Promise<FoundFiles> {
  const found: QuestionFile[] = [];
  const ignored: { path: string; reason: string }[] = [];
  const archives: DataEntry[] = [];
  for (const entry of await tree.list()) {
    if (archiveName.test(entry.path)) archives.push(entry);
    else if (tree.kind === 'file' || formatOfName(entry.path) !== undefined) {
      const judged = await classify(entry);
      if (typeof judged === 'string') ignored.push({ path: entry.path, reason: judged });
      else found.push(judged);
    } else if (!prose.test(entry.path)) ignored.push({ path: entry.path, reason: 'no table' });
  }
  const chosen =
    layout ?? (['skill', 'kdd', 'task'] as const).find((name) => found.some((file) => file.layout === name));
  const files = found.filter((file) => file.layout === chosen);
  if (layout !== undefined && files.length === 0 && found.length > 0) {
    throw usageError(`The data has no files of the ${layout} layout.`, {
      where: tree.location,
      hint: `It has ${[...new Set(found.map((file) => file.layout))].join(' and ')} files; leave --option layout out.`,
    });
  }
  for (const file of found) {
    if (file.layout === chosen) continue;
    ignored.push({
      path: file.entry.path,
      reason: `${file.layout} layout, the ${chosen} files are used (--option layout)`,
    });
  }
  if (files.length > 0) {
    for (const { path } of archives) ignored.push({ path, reason: 'an archive beside the data, not opened' });
  }
  return { files, ignored, archives };
}

/** What a file holds, or why it is left out. */
async function classify(entry: DataEntry): Promise<QuestionFile | string> {
  const faults: DataFault[] = [];
  let first: Row | undefined;
  try {
    for await (const row of readRows(entry, { onFault: (fault) => faults.push(fault) })) {
      first = row;
      break;
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (first === undefined) return faults[0]?.message ?? 'it has no rows';
  if (first.key !== undefined) return 'one JSON object, not rows';
  const fields = first.value;
  const stem = stemOf(entry.path);
  if ('input_field' in fields && 'task_name' in fields) {
    return { entry, stem, layout: 'track' in fields ? 'kdd' : 'skill' };
  }
  const type = typeOf(entry);
  const names = Object.keys(fields);
  if (type !== undefined && (type === 'multiple-choice' ? names.length >= 3 : names.length >= 2)) {
    return { entry, stem, layout: 'task', type };
  }
  if (names.join() === 'question,choices,answer') return { entry, stem, layout: 'task', type: 'multiple-choice' };
  if ('input_field' in fields && 'target_field' in fields) {
    return 'a task file whose folder does not tell its type (retrieval, ranking, named_entity_recognition, generation)';
  }
  return 'input_field' in fields
    ? 'its rows have no task_name, so they are not the benchmark'
    : 'no rows of the benchmark';
}

/** The type that the folder around a file stands for. */
function typeOf(entry: DataEntry): TaskType | undefined {
  const folder = /([^/\\!]+)[/\\][^/\\]*$/.exec(entry.path.includes('/') ? entry.path : entry.label)?.[1];
  return folder !== undefined && Object.hasOwn(typeFolders, folder) ? typeFolders[folder] : undefined;
}
