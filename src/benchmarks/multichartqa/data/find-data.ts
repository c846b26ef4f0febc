import { dirname, extname } from 'node:path';
import { FettleError, usageError } from '../../../core/index.ts';
import { type DataEntry, type DataTree, formatOfName, openData, openSource, readRows } from '../../../data/index.ts';

/** The released file of a group's questions. */
export const groupFileName = 'chart-path_and_question-answer_pair.json';
/** Names of the merged form and of the hub's file, which win over other files of questions beside them. */
const usualNames = /^(?:multichartqa|val|validation)(?:[.-].*)?\.(?:jsonl|parquet|json)(?:\.gz)?$/i;
const imageExtensions = new Set(['.png', '.jpg', '.jpeg', '.webp', '.gif', '.bmp', '.tif', '.tiff', '.avif']);
const imageArchive = /(?:^|[^a-z])(?:images?|charts?)[^/]*\.(?:tar|tar\.gz|tgz|zip)$/i;

export interface QuestionFile {
  readonly entry: DataEntry;
  /** The group, where the file is one of the released layout. */
  readonly group: string | undefined;
}

export interface FoundData {
  readonly tree: DataTree;
  readonly files: readonly QuestionFile[];
  /** Charts by `GROUP/FILE`, of folders first, then of archives. */
  readonly charts: ReadonlyMap<string, DataEntry>;
  /** What the hash of the data is made of besides the files of questions. */
  readonly imagePaths: readonly string[];
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/**
 * Finds questions and charts in the released folder layout, or in one merged file with the charts beside it, in folders
 * or an archive. Archives are read in place.
 * @throws FettleError `data-missing` where there are no questions, usage error where several files could be meant.
 */
export async function findData(data: string): Promise<FoundData> {
  const given = await openData(data);
  // Charts lie beside a file of questions.
  const tree = given.kind === 'file' ? await openData(dirname(data)) : given;
  const opened: DataTree[] = tree === given ? [tree] : [tree, given];
  const close = async (): Promise<void> => {
    for (const one of opened) await one.close();
  };
  try {
    const entries = await tree.list();
    const files =
      given.kind === 'file'
        ? (await given.list()).map((entry) => ({ entry, group: undefined }))
        : await questionFiles(entries, tree.location);
    const charts = new Map<string, DataEntry>();
    const imagePaths: string[] = [];
    const add = (entry: DataEntry): boolean => {
      const key = chartKey(entry.path);
      if (key === undefined || charts.has(key)) return false;
      charts.set(key, entry);
      return true;
    };
    const archives = entries.filter(({ path }) => imageArchive.test(path));
    for (const entry of entries) if (isImage(entry.path) && add(entry)) imagePaths.push(entry.path);
    for (const archive of archives) {
      const inner = await openSource(archive);
      opened.push(inner);
      let used = false;
      for (const entry of await inner.list(isImage)) used = add(entry) || used;
      if (used) imagePaths.push(archive.path);
    }
    return { tree, files, charts, imagePaths, notes: opened.flatMap(({ notes }) => notes), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const isImage = (path: string): boolean => imageExtensions.has(extname(path).toLowerCase());

/** The last two parts of a path. Charts of equal name in one group do not exist. */
export function chartKey(path: string): string | undefined {
  const parts = path.normalize('NFC').split('/');
  return parts.length < 2 ? undefined : parts.slice(-2).join('/');
}

/** Folders of charts beside the groups' folders that lack the group's file, in the released layout. */
export function foldersWithoutQuestions({ files, charts }: FoundData): string[] {
  const folders = new Set(files.filter(({ group }) => group !== undefined).map(({ entry }) => parent(entry.path)));
  if (folders.size === 0) return [];
  const roots = new Set([...folders].map(parent));
  const found = new Set([...charts.values()].map(({ path }) => parent(path)));
  return [...found].filter((folder) => !folders.has(folder) && roots.has(parent(folder))).toSorted();
}

const parent = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

async function questionFiles(entries: readonly DataEntry[], location: string): Promise<QuestionFile[]> {
  const groups = entries.filter(({ path }) => path.endsWith(`/${groupFileName}`) || path === groupFileName);
  if (groups.length > 0) {
    return groups.map((entry) => ({ entry, group: entry.path.split('/').at(-2) }));
  }
  const candidates: DataEntry[] = [];
  for (const entry of entries) {
    if (formatOfName(entry.name) === undefined || /(?:^|\/)(?:golden|replies)\//.test(entry.path)) continue;
    if (await holdsQuestions(entry)) candidates.push(entry);
  }
  const usual = candidates.filter(({ name }) => usualNames.test(name));
  const plain = usual.filter(({ name }) => /^[a-z]+\.[a-z]+(?:\.gz)?$/i.test(name));
  const chosen = [candidates, usual, plain].find((list) => list.length === 1)?.[0];
  if (chosen !== undefined) return [{ entry: chosen, group: undefined }];
  if (candidates.length > 1) {
    throw usageError('Several files hold questions of MultiChartQA.', {
      where: location,
      hint: `Give one of them as --data: ${candidates.map(({ path }) => path).join(', ')}.`,
    });
  }
  throw new FettleError('There are no questions of MultiChartQA here.', {
    code: 'data-missing',
    where: location,
    hint: `Expected are folders with ${groupFileName} beside their charts, or one .jsonl or .parquet file of all questions.`,
    exitCode: 2,
  });
}

/** True where the first row is a question with charts. */
async function holdsQuestions(entry: DataEntry): Promise<boolean> {
  try {
    for await (const { value } of readRows(entry)) {
      return 'question' in value && 'answer' in value && ('image' in value || 'charts' in value || 'images' in value);
    }
  } catch {
    // A file that cannot be read as rows is a file of questions only if its name says so: its fault is told then.
    return usualNames.test(entry.name);
  }
  return false;
}
