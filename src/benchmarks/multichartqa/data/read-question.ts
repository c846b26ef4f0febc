import { type DataFault, type ImageReference, type JsonObject, type JsonValue } from '../../../core/index.ts';
import { cellImage, parsePythonLiteral, type Row } from '../../../data/index.ts';
import { categoryOf } from '../vocabulary.ts';

/** A chart as a row names it: a path, or the image itself. */
export type ChartCell = { readonly path: string; readonly image?: ImageReference | undefined };

/** A question as its row has it; charts are not looked up yet. */
export interface RawQuestion {
  readonly id: string | undefined;
  readonly group: string;
  readonly q: number | undefined;
  readonly task: string;
  readonly type: string;
  readonly question: string;
  readonly answer: string;
  readonly charts: readonly ChartCell[];
  readonly file: string;
  readonly line: number;
}

export type OnFault = (fault: DataFault) => void;

/** What the first release puts before its questions. */
const chartPreamble = /^(?:The (?:first|second|third) chart is <image>\.\s*)+/;

/** Reads one row; faults that leave no question are told, and undefined is given. `folder` is that of the group's file. */
export function readQuestion(
  { value, line }: Row,
  file: string,
  folder: string | undefined,
  onFault: OnFault,
): RawQuestion | undefined {
  const fault = (message: string, hint?: string): undefined =>
    void onFault({ file, line, severity: 'error', message, ...(hint === undefined ? {} : { hint }) });
  const question = text(value, 'question');
  const answer = value['answer'];
  if (question === undefined || question.trim() === '') return fault('the field "question" is missing or empty');
  if (typeof answer !== 'string' && typeof answer !== 'number') {
    return fault('the field "answer" is missing or no text', 'Parts of an answer are joined by ";".');
  }
  const task = text(value, 'task');
  if (task === undefined || task === '') {
    return fault(
      'the field "task" is missing',
      'An intermediate state of the released data lacks it: fetch a released version.',
    );
  }
  let charts: ChartCell[];
  try {
    charts = chartsOf(value, `${file}:${line}`);
  } catch (error) {
    return fault(error instanceof Error ? error.message : String(error));
  }
  if (charts.length === 0) return fault('the question names no chart', 'The field "image" lists their paths.');
  const id = text(value, 'id');
  const group = text(value, 'group') ?? folder ?? parentOf(charts[0]?.path) ?? id?.replace(/_question_\d+$/, '');
  if (group === undefined || group === '') return fault('the question belongs to no group of charts');
  return {
    id,
    group,
    q: placeOf(value['q'], id),
    task,
    type: text(value, 'type') ?? '',
    question: question.replace(chartPreamble, ''),
    answer: String(answer),
    charts,
    file,
    line,
  };
}

function text(row: JsonObject, field: string): string | undefined {
  const value = row[field];
  return typeof value === 'string' ? value : undefined;
}

function placeOf(q: JsonValue | undefined, id: string | undefined): number | undefined {
  if (typeof q === 'number' && Number.isSafeInteger(q) && q > 0) return q;
  const fromId = /_question_(\d+)$/.exec(id ?? '')?.[1];
  return fromId === undefined ? undefined : Number(fromId) + 1;
}

/** `charts` (paths of the merged form) before `image` (the released field): lists, or one text that holds a list. */
function chartsOf(row: JsonObject, label: string): ChartCell[] {
  const cells = listOf(row['charts'] ?? row['image'] ?? row['images'] ?? null);
  return cells.flatMap((cell, i): ChartCell[] => {
    if (typeof cell === 'string') return cell.trim() === '' ? [] : [{ path: slashed(cell.trim()) }];
    const image = cellImage(cell, { label: `${label}, chart ${i + 1}` });
    if (image === undefined) return [];
    const path = isJsonObject(cell) ? cell['path'] : undefined;
    return [{ path: typeof path === 'string' ? slashed(path) : image.label, image }];
  });
}

/** A list, a JSON or Python list as text, or paths joined by `;` or line ends. */
function listOf(value: JsonValue): readonly JsonValue[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string') return value === null ? [] : [value];
  const trimmed = value.trim();
  if (trimmed.startsWith('[')) {
    for (const parse of [JSON.parse, parsePythonLiteral] as const) {
      try {
        const list: JsonValue = parse(trimmed) as JsonValue;
        if (Array.isArray(list)) return list;
      } catch {
        // The other notation may fit.
      }
    }
    throw new Error('the list of charts cannot be read');
  }
  return trimmed.split(/[;\n]/);
}

const slashed = (path: string): string => path.replaceAll('\\', '/');

function parentOf(path: string | undefined): string | undefined {
  return path?.split('/').at(-2);
}

/** What the type has to be, from the form of the question: choice questions ask for the letter of an option. */
export function expectedType({ question, answer, task }: RawQuestion): string {
  const letters = answer.split(';').every((part) => /^[A-D]$/.test(part.trim()));
  const options = /^\s*\(?A[.)]\s/m.test(question);
  // A parallel question that holds a choice counts as open.
  return letters && options && categoryOf(task) !== 'Parallel' ? 'multiple-choice' : 'open-ended';
}

function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
