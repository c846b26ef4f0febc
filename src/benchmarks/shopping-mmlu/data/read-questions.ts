import type { DataFault, JsonObject, JsonValue } from '../../../core/index.ts';
import { readRows } from '../../../data/index.ts';
import { pythonList } from '../python/literal.ts';
import { skillOfFile, skillOfTrack } from '../skills.ts';
import { isMetric, isTaskType, type Metric, metrics, metricTypes, type TaskType, taskTypes } from '../vocabulary.ts';
import type { QuestionFile } from './find-files.ts';
import { readGold } from './gold.ts';
import type { Question } from './question.ts';

/** What is wrong with a row, without its place. */
interface RowTrouble {
  readonly message: string;
  readonly hint?: string;
}

/** Skill of files that tell none: the task layout. */
export const noSkill = 'unassigned';

/**
 * The questions of one file, as they stand in it. Every fault goes to `onFault`, with file and line, and its row is
 * left out. Ids are the row's own, else `<prefix>#<row from 0>`.
 */
export async function* readQuestions(
  file: QuestionFile,
  idPrefix: string,
  onFault: (fault: DataFault) => void,
  signal?: AbortSignal,
): AsyncGenerator<Question> {
  const { entry } = file;
  const read = file.layout === 'task' ? taskRow : namedRow;
  for await (const { value, line, row } of readRows(entry, { onFault, signal })) {
    const made = read(value, file);
    if ('message' in made) {
      onFault({ file: entry.label, line, severity: 'error', ...made });
      continue;
    }
    const { id } = value;
    yield {
      ...made,
      id: typeof id === 'string' || typeof id === 'number' ? String(id) : `${idPrefix}#${row}`,
      layout: file.layout,
      file: entry.label,
      line,
    };
  }
}

type Content = Omit<Question, 'id' | 'layout' | 'file' | 'line'>;

/** A row that names its task, type and metric: skill files and the KDD Cup's. */
function namedRow(row: JsonObject, file: QuestionFile): Content | RowTrouble {
  const { input_field: input, task_name: task, task_type: type, metric, track, language } = row;
  if (typeof input !== 'string') return missing('input_field', input);
  if (typeof task !== 'string' || task === '') return missing('task_name', task);
  if (!isTaskType(type)) {
    return type === undefined
      ? missing('task_type', type)
      : { message: `there is no task type ${JSON.stringify(type)}`, hint: `Types: ${taskTypes.join(', ')}.` };
  }
  if (!isMetric(metric)) {
    return metric === undefined
      ? missing('metric', metric)
      : { message: `there is no metric ${JSON.stringify(metric)}`, hint: `Metrics: ${metrics.join(', ')}.` };
  }
  const read = readGold(metric, row['output_field']);
  if ('fault' in read) return { message: `output_field: ${read.fault}` };
  if (file.layout === 'kdd' && (typeof track !== 'string' || track === '')) return missing('track', track);
  return {
    input,
    task,
    type,
    gold: read.gold,
    skill: typeof track === 'string' ? skillOfTrack(track) : skillOfFile(file.stem),
    ...(typeof language === 'string' && language !== '' && { language }),
  };
}

/** A row of a task file: the first column is the prompt, the last the answer, and the file tells the rest. */
function taskRow(row: JsonObject, file: QuestionFile): Content | RowTrouble {
  const cells = Object.values(row);
  const input = cells[0];
  const [name] = Object.keys(row);
  if (typeof input !== 'string') return missing(name ?? 'prompt', input);
  const task = file.stem.replace(/_dataset$/, '');
  const type = file.type as TaskType;
  const read = readGold(metricOfTask(type, task), numberOf(cells.at(-1)));
  if ('fault' in read) return { message: `${Object.keys(row).at(-1)}: ${read.fault}` };
  const content = { input, task, type, gold: read.gold, skill: noSkill };
  if (type !== 'multiple-choice' || isRating(task)) return content;
  const list = typeof cells[1] === 'string' ? pythonList(cells[1]) : undefined;
  if (list === undefined || list.length < 2) {
    return {
      message: 'the options are no list of two or more',
      hint: "Write them as a Python list, ['first', 'second'].",
    };
  }
  return { ...content, options: list.map((item) => (typeof item === 'string' ? item : item.literal)) };
}

/** The one choice task whose answers are 1 to 5 and which has no options. */
export const isRating = (task: string): boolean => task.includes('review_rating_prediction');

/** The metric that the reference derives from the names of type and file. */
export function metricOfTask(type: TaskType, task: string): Metric {
  if (type !== 'generation') return metrics.find((metric) => metricTypes[metric] === type) as Metric;
  if (task.includes('extraction')) return 'rougel';
  if (task.includes('translation')) return task.includes('JP') ? 'jp-bleu' : 'bleu';
  return task.includes('multilingual') ? 'multilingual-sent-transformer' : 'sent-transformer';
}

/** CSV has texts alone; pandas reads columns of whole numbers, perhaps written `2.0`, as numbers. */
function numberOf(cell: JsonValue | undefined): JsonValue | undefined {
  return typeof cell === 'string' && /^\s*\d+\.0*\s*$/.test(cell) ? String(Number.parseInt(cell, 10)) : cell;
}

function missing(field: string, value: JsonValue | undefined): RowTrouble {
  if (value === undefined) return { message: `the field "${field}" is missing` };
  if (value === '') return { message: `the field "${field}" is empty` };
  return { message: `the field "${field}" must be a text, this is ${JSON.stringify(value)?.slice(0, 60)}` };
}
