import { type DataFault, FettleError } from '../../../core/index.ts';
import { entryImage, type ImageLimits, readRows } from '../../../data/index.ts';
import { faultError } from '../../faulty-rows.ts';
import { repairMojibake } from '../scoring/index.ts';
import { naturalOrder } from '../scoring/reference/natural-order.ts';
import { chartKey, findData, foldersWithoutQuestions, type FoundData } from './find-data.ts';
import type { Chart, Question } from './question.ts';
import { type ChartCell, type OnFault, type RawQuestion, readQuestion } from './read-question.ts';

export interface LoadedQuestions {
  /** Groups in natural order of their names, each with its questions in order. */
  readonly questions: readonly Question[];
  readonly dataHash: string;
  readonly location: string;
  readonly notes: readonly string[];
  close(): Promise<void>;
}

export interface LoadOptions {
  /** `json`: as the data lists them. `reference`: as the released runners sort the folder. */
  readonly order: 'json' | 'reference';
  readonly limits?: ImageLimits | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * All questions of a data set. Charts are looked up by name and read only when a model needs them.
 * @throws FettleError `data-missing`, `data-invalid` or what the readers throw, with file and line.
 */
export async function loadQuestions(data: string, options: LoadOptions): Promise<LoadedQuestions> {
  const found = await findData(data);
  try {
    const raw = await readAll(found, refuse, options.signal);
    const questions = settleQuestions(raw, (cell) => lookUp(cell, found, options.limits), refuse).map((question) =>
      options.order === 'json' ? question : { ...question, charts: releasedOrder(question.charts) },
    );
    if (questions.length === 0) {
      throw new FettleError('The files of questions are empty.', {
        code: 'data-missing',
        where: found.tree.location,
        hint: '`fettle data pull multichartqa` fetches the released data.',
      });
    }
    const orphans = foldersWithoutQuestions(found);
    const repaired = questions.filter(({ answer }) => repairMojibake(answer) !== answer).length;
    return {
      questions,
      dataHash: await hashOf(found),
      location: found.tree.location,
      notes: [
        ...(repaired > 0
          ? [`${repaired} golds are double-encoded as released; strict scoring compares with the repaired text`]
          : []),
        ...(orphans.length > 0
          ? [
              `${orphans.length} folders hold charts and no file of questions, and are left out: ${orphans.slice(0, 3).join(', ')}`,
            ]
          : []),
        ...found.notes,
      ],
      close: found.close,
    };
  } catch (error) {
    await found.close();
    throw error;
  }
}

/** Every row of every file, as it stands. */
export async function readAll(found: FoundData, onFault: OnFault, signal?: AbortSignal): Promise<RawQuestion[]> {
  const questions: RawQuestion[] = [];
  for (const { entry, group } of found.files) {
    const rows = readRows(entry, { signal, ...(onFault === refuse ? {} : { onFault }) });
    for await (const row of rows) {
      const question = readQuestion(row, entry.label, group, onFault);
      if (question !== undefined) questions.push(question);
    }
  }
  return questions;
}

export function lookUp(cell: ChartCell, { charts }: FoundData, limits: ImageLimits = {}): Chart {
  if (cell.image !== undefined) return { path: cell.path, image: cell.image };
  const key = chartKey(cell.path);
  const entry = key === undefined ? undefined : charts.get(key);
  return { path: key ?? cell.path, image: entry === undefined ? undefined : entryImage(entry, limits) };
}

/** Puts groups and questions in order, gives ids to those without, refuses repeated ids and unknown types. */
function settleQuestions(raw: readonly RawQuestion[], chartOf: (cell: ChartCell) => Chart, onFault: OnFault) {
  const groups = Map.groupBy(raw, ({ group }) => group);
  const seen = new Map<string, string>();
  const questions: Question[] = [];
  for (const name of [...groups.keys()].toSorted(naturalOrder)) {
    const members = groups.get(name) as RawQuestion[];
    const placed = members.map((question, i) => ({ ...question, q: question.q ?? i + 1 }));
    for (const question of placed.toSorted((a, b) => a.q - b.q)) {
      const { group, q, task, type, question: words, answer, charts, file, line } = question;
      const fault = (message: string, hint: string): void => onFault({ file, line, severity: 'error', message, hint });
      const id = question.id ?? `${group}_question_${q - 1}`;
      const other = seen.get(id);
      if (other !== undefined)
        fault(`the id ${JSON.stringify(id)} is also that of ${other}`, 'Give every question its own id.');
      seen.set(id, `${file}:${line}`);
      if (type !== 'open-ended' && type !== 'multiple-choice') {
        fault(`the type ${JSON.stringify(type)} is unknown`, 'It is open-ended or multiple-choice.');
        continue;
      }
      questions.push({ id, group, q, task, type, question: words, answer, charts: charts.map(chartOf), file, line });
    }
  }
  return questions;
}

/** The order in which the released runners send the charts: file names sorted naturally, case ignored. */
export function releasedOrder<T extends { readonly path: string }>(charts: readonly T[]): T[] {
  const nameOf = ({ path }: T): string => path.slice(path.lastIndexOf('/') + 1);
  return charts.toSorted((a, b) => naturalOrder(nameOf(a), nameOf(b)));
}

/** True where "the second chart" may mean another one than the data's order says. */
export function orderDiffers(charts: readonly { readonly path: string }[]): boolean {
  return releasedOrder(charts).some((chart, i) => chart !== charts[i]);
}

/** Over the files of questions and the charts or archives of charts. */
async function hashOf({ tree, files, imagePaths }: FoundData): Promise<string> {
  return tree.sha256([...files.map(({ entry }) => entry.path), ...imagePaths]);
}

export function refuse(fault: DataFault): never {
  throw faultError(fault, '`fettle data check multichartqa` lists every fault.');
}
