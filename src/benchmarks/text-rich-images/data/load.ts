import { dirname } from 'node:path';
import { type DataFault, FettleError, usageError } from '../../../core/index.ts';
import { type DataEntry, type DataTree, formatOfName, openData, readRows } from '../../../data/index.ts';
import { noUsableRows, refuseRow, skippedNotes } from '../../faulty-rows.ts';
import { type EvaluationSet, evaluationSets, findSet } from '../sets.ts';
import { folderImages, type ImageFinder, treeImages } from './image-finder.ts';
import type { Question } from './question.ts';
import { readQuestion } from './read-question.ts';

/** A file of one set's questions. */
export interface QuestionFile {
  readonly entry: DataEntry;
  readonly set: EvaluationSet;
}

export interface FoundFiles {
  readonly tree: DataTree;
  readonly images: ImageFinder;
  readonly files: readonly QuestionFile[];
  /** Tables that were left out, each with the reason. */
  readonly ignored: readonly { readonly path: string; readonly reason: string }[];
}

export interface FindOptions {
  /** The one set that is asked for; undefined for every set that file names tell. */
  readonly set: EvaluationSet | undefined;
  /** Folder of the images, where it is another one. */
  readonly images?: string | undefined;
}

/** File name without folders and endings. */
export function stemOf(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.(?:gz|zst)$/i, '')
    .replace(/\.[a-z0-9]+$/i, '');
}

/**
 * Finds the files of questions. A file that `data` names itself is of the set that is asked for. In a folder or archive
 * files are told by their names (`eval_mpdocvqa.jsonl`, `mp-docvqa.jsonl`); the only table there needs no name.
 */
export async function findFiles(data: string, { set, images }: FindOptions): Promise<FoundFiles> {
  const tree = await openData(data);
  try {
    const tables = await tree.list((path) => (tree.kind === 'file' ? true : formatOfName(path) !== undefined));
    const files: QuestionFile[] = [];
    const ignored: { path: string; reason: string }[] = [];
    for (const entry of tables) {
      const named = findSet(stemOf(entry.path));
      const isOnly = tables.length === 1;
      const of = set === undefined ? named : isOnly || named === set ? set : undefined;
      if (of !== undefined) files.push({ entry, set: of });
      else ignored.push({ path: entry.path, reason: reasonFor(named, set) });
    }
    const inFolder = tree.kind === 'folder' ? data : tree.kind === 'file' ? dirname(data) : undefined;
    const root = images ?? inFolder;
    return { tree, files, ignored, images: root === undefined ? treeImages(tree) : folderImages(root) };
  } catch (error) {
    await tree.close();
    throw error;
  }
}

function reasonFor(named: EvaluationSet | undefined, set: EvaluationSet | undefined): string {
  if (named !== undefined) return `it is ${named.title}`;
  return set === undefined
    ? 'its name tells no set (--option set=NAME where there is one file)'
    : `its name is not ${set.name} nor eval_${set.stems[0] ?? set.name}`;
}

export interface LoadedQuestions extends Omit<FoundFiles, 'files'> {
  readonly bySet: ReadonlyMap<EvaluationSet, readonly Question[]>;
  readonly dataHash: string;
  readonly notes: readonly string[];
}

/**
 * All questions. A single fault is an error; with `faults: 'skip'` faulty rows are left out and noted. The data stays open,
 * since images are read while samples run. The hash is of the files of questions; images are hashed as they are read.
 */
export async function loadQuestions(
  data: string,
  options: FindOptions & { readonly faults: 'stop' | 'skip'; readonly signal?: AbortSignal | undefined },
): Promise<LoadedQuestions> {
  const found = await findFiles(data, options);
  const { tree, files, ignored, images } = found;
  try {
    if (files.length === 0) throw nothingFound(found, options.set);
    const skipped: DataFault[] = [];
    const onFault = options.faults === 'skip' ? (fault: DataFault) => void skipped.push(fault) : refuseRow;
    const bySet = new Map<EvaluationSet, Question[]>();
    for (const file of files) {
      const known = bySet.get(file.set);
      if (known !== undefined) {
        throw usageError(`Two files are ${file.set.title}: ${known[0]?.file ?? ''} and ${file.entry.label}.`, {
          where: tree.location,
          hint: 'Give one of them as --data.',
        });
      }
      const questions = await Array.fromAsync(readQuestions(file, onFault, options.signal));
      // Sets that are run together may number their questions alike.
      const prefix = files.length > 1 ? `${file.set.name}/` : '';
      bySet.set(
        file.set,
        questions.map((question) => ({ ...question, id: `${prefix}${question.id}` })),
      );
    }
    for (const [set, questions] of bySet) {
      if (questions.length === 0) throw noUsableRows(`The file of ${set.title}`, tree.location, skipped);
    }
    return {
      tree,
      images,
      ignored,
      bySet,
      dataHash: await tree.sha256(files.map(({ entry }) => entry.path)),
      notes: [
        ...skippedNotes(skipped),
        ...ignored.map(({ path, reason }) => `left out ${path}: ${reason}`),
        ...tree.notes,
      ],
    };
  } catch (error) {
    await tree.close();
    throw error;
  }
}

/** The questions of one file in its order. Every fault goes to `onFault`, with file and line, and its row is left out. */
export async function* readQuestions(
  { entry, set }: QuestionFile,
  onFault: (fault: DataFault) => void,
  signal?: AbortSignal,
): AsyncGenerator<Question> {
  const places = new Map<string, number>();
  const prefix = stemOf(entry.path);
  for await (const { value, line, row } of readRows(entry, { onFault, signal })) {
    const read = readQuestion(value, set);
    if ('message' in read) {
      onFault({ file: entry.label, line, severity: 'error', ...read });
      continue;
    }
    const id = read.id ?? `${prefix}#${row}`;
    const other = places.get(id);
    if (other !== undefined) {
      const message = `the id ${JSON.stringify(id)} is that of line ${other} too`;
      onFault({ file: entry.label, line, severity: 'error', message });
      continue;
    }
    places.set(id, line);
    yield { ...read, id, file: entry.label, line, row };
  }
}

function nothingFound({ tree, ignored }: FoundFiles, set: EvaluationSet | undefined): FettleError {
  const names = set === undefined ? evaluationSets.map(({ stems }) => `eval_${stems[0] ?? ''}.jsonl`) : [];
  const reasons = ignored.slice(0, 3).map(({ path, reason }) => `${path}: ${reason}`);
  const expected = set === undefined ? names.join(', ') : `${set.name}.jsonl or eval_${set.stems[0] ?? set.name}.jsonl`;
  return new FettleError(`There are no questions of ${set?.title ?? "LEOPARD's evaluation"} here.`, {
    code: 'data-missing',
    where: tree.location,
    hint: `Expected is ${expected}, or the file itself as --data.${reasons.length > 0 ? ` Left out: ${reasons.join('; ')}.` : ''}`,
    exitCode: 2,
  });
}
