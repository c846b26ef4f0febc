import { type DataFault, FettleError, usageError } from '../../../core/index.ts';
import { type DataTree, openData, openSource } from '../../../data/index.ts';
import { refuseRow, skippedNotes } from '../../faulty-rows.ts';
import type { Layout } from '../vocabulary.ts';
import { demoLocation } from './demo.ts';
import { findFiles, type FoundFiles, type QuestionFile } from './find-files.ts';
import type { Question } from './question.ts';
import { readQuestions } from './read-questions.ts';

export interface LoadedQuestions {
  /** In the order of the files and their rows. */
  readonly questions: readonly Question[];
  readonly dataHash: string;
  readonly location: string;
  readonly notes: readonly string[];
}

/**
 * Opens the data and the archive within it, where there is nothing else.
 * The returned function closes what was opened.
 */
export async function openFiles(
  data: string,
  layout?: Layout,
): Promise<{ tree: DataTree; found: FoundFiles; close: () => Promise<void> }> {
  const tree = await openData(data === 'demo' ? demoLocation() : data);
  const found = await findFiles(tree, layout);
  const [archive, ...others] = found.archives;
  if (found.files.length > 0 || archive === undefined) return { tree, found, close: () => tree.close() };
  if (others.length > 0) {
    throw usageError('The folder holds several archives and no files of the benchmark.', {
      where: tree.location,
      hint: `Give one of them as --data: ${found.archives.map((entry) => entry.path).join(', ')}.`,
    });
  }
  const inner = await openSource(archive);
  const close = async (): Promise<void> => {
    await inner.close();
    await tree.close();
  };
  return { tree: inner, found: await findFiles(inner, layout), close };
}

/** What ids of a file's rows begin with: its stem, or its whole path where stems repeat. */
export function idPrefixes(files: readonly QuestionFile[]): ReadonlyMap<QuestionFile, string> {
  const count = new Map<string, number>();
  for (const { stem } of files) count.set(stem, (count.get(stem) ?? 0) + 1);
  return new Map(
    files.map((file) => {
      const folder = file.entry.path.slice(0, file.entry.path.lastIndexOf('/') + 1);
      return [file, count.get(file.stem) === 1 ? file.stem : folder + file.stem];
    }),
  );
}

/**
 * All questions of a data set. A single fault is an error, since a benchmark without some of its questions is another
 * one; with `faults: 'skip'` faulty rows are left out and noted.
 *
 * @throws FettleError `data-missing`, `data-invalid` or what the readers throw, with file and line.
 */
export async function loadQuestions(
  data: string,
  options: {
    readonly layout?: Layout | undefined;
    readonly faults?: 'stop' | 'skip';
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<LoadedQuestions> {
  const { tree, found, close } = await openFiles(data, options.layout);
  try {
    if (found.files.length === 0) throw nothingFound(tree.location, found);
    const prefixes = idPrefixes(found.files);
    const questions: Question[] = [];
    const lines = new Map<string, string>();
    const skipped: DataFault[] = [];
    const onFault = options.faults === 'skip' ? (fault: DataFault) => void skipped.push(fault) : refuseRow;
    for (const file of found.files) {
      for await (const question of readQuestions(file, prefixes.get(file) as string, onFault, options.signal)) {
        const place = `${question.file}:${question.line}`;
        const other = lines.get(question.id);
        if (other !== undefined) throw duplicateId(question.id, other, place);
        lines.set(question.id, place);
        questions.push(question);
      }
    }
    if (questions.length === 0) throw nothingFound(tree.location, found);
    return {
      questions,
      dataHash: await tree.sha256(found.files.map((file) => file.entry.path)),
      location: tree.location,
      notes: [
        ...skippedNotes(skipped),
        ...found.ignored.map(({ path, reason }) => `left out ${path}: ${reason}`),
        ...tree.notes,
      ],
    };
  } finally {
    await close();
  }
}

function nothingFound(location: string, found: FoundFiles): FettleError {
  const reasons = found.ignored.slice(0, 3).map(({ path, reason }) => `${path}: ${reason}`);
  return new FettleError('There are no questions of Shopping MMLU here.', {
    code: 'data-missing',
    where: location,
    hint: `Expected are skill files, task files or the KDD Cup's development file.${
      reasons.length > 0 ? ` Left out: ${reasons.join('; ')}.` : ''
    }`,
    exitCode: 2,
  });
}

function duplicateId(id: string, first: string, second: string): FettleError {
  return new FettleError(`Two questions have the id ${JSON.stringify(id)}: ${first} and ${second}.`, {
    code: 'data-invalid',
    where: second,
    hint: 'Give every row its own id, or leave the id field out so that rows are numbered.',
  });
}
