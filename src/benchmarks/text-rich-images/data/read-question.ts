import { FettleError, type JsonObject, type JsonValue } from '../../../core/index.ts';
import { parsePythonLiteral } from '../../../data/index.ts';
import type { EvaluationSet } from '../sets.ts';
import { documentOf } from './document-of.ts';
import { type Question, type QuestionType, questionTypes } from './question.ts';

/** What is wrong with a row, without its place. */
export interface RowTrouble {
  readonly message: string;
  readonly hint?: string;
}

/** As many as our prompts have letters for. */
export const mostOptions = 26;

export type QuestionContent = Omit<Question, 'id' | 'file' | 'line' | 'row'> & { readonly id?: string };

/**
 * Reads a row of LEOPARD's evaluation files: `images_path`, `question`, `options`, `answers`, `ques_type`, and, where they
 * are there, `id`, `image_type`, `ques_category`, `document`. Cells that hold a Python list as text are read as lists,
 * `None` and the empty text of `options` and `images_path` as nothing. `concated_options` repeats `options` and is not read.
 *
 * Where they lack, `image` or `images`, `answer` and `type` stand in, as MultiChartQA names them; and the options of a choice
 * are then the letters that its question lists, as LEOPARD's loaders have them for MultiChartQA and MIRB.
 */
export function readQuestion(row: JsonObject, set: EvaluationSet): QuestionContent | RowTrouble {
  const { question, id, image_type: imageType, ques_category: category } = row;
  const givenType = row['ques_type'] ?? row['type'];
  if (typeof question !== 'string' || question.trim() === '') {
    return question === undefined
      ? {
          message: 'the field "question" is missing',
          hint: `Rows have images_path, question, options, answers, ques_type.`,
        }
      : { message: `the field "question" must be a text, this is ${shown(question)}` };
  }
  const images = listOf('images_path', row['images_path'] ?? row['images'] ?? row['image']);
  if ('message' in images) return images;
  const options = listOf('options', row['options']);
  if ('message' in options) return options;
  const type = typeOf(givenType, options.list);
  if (typeof type !== 'string') return type;
  const listed = type === 'multiple-choice' ? (options.list ?? lettersIn(question)) : options.list;
  if (type === 'multiple-choice') {
    const count = listed?.length ?? 0;
    if (count < 1) return { message: 'a multiple-choice question needs options' };
    if (count > mostOptions) return { message: `${count} options are more than there are letters` };
  }
  const answers = answersOf(row['answers'] === undefined ? row['answer'] : row['answers']);
  if (typeof answers === 'object' && 'message' in answers) return answers;
  const group = groupOf(row, images.list ?? [], set);
  return {
    ...((typeof id === 'string' && id !== '') || typeof id === 'number' ? { id: String(id) } : {}),
    text: question,
    type,
    options: listed,
    answers,
    images: images.list ?? [],
    ...(isName(imageType) && { imageType }),
    ...(isName(category) && { category }),
    ...(group !== undefined && { group }),
  };
}

/** The letters of lines "A. …", "B. …" of a question; none below two. */
function lettersIn(question: string): string[] {
  const lines = question.split('\n');
  const letters: string[] = [];
  for (let at = 65; lines.some((line) => line.trimStart().startsWith(`${String.fromCharCode(at)}. `)); at++) {
    letters.push(String.fromCharCode(at));
  }
  return letters.length < 2 ? [] : letters;
}

function typeOf(given: JsonValue | undefined, options: readonly string[] | null): QuestionType | RowTrouble {
  if (given === undefined || given === null || given === '') {
    return options !== null && options.length > 0 ? 'multiple-choice' : 'open-ended';
  }
  const found = questionTypes.find((type) => type === given);
  return found ?? { message: `there is no ques_type ${shown(given)}`, hint: `Types: ${questionTypes.join(', ')}.` };
}

/** A list of texts; null where the cell is empty. A text that is no list counts as a list of it. */
function listOf(field: string, cell: JsonValue | undefined): { readonly list: string[] | null } | RowTrouble {
  if (cell === undefined || cell === null) return { list: null };
  if (typeof cell === 'string') {
    const text = cell.trim();
    if (text === '' || text === 'None') return { list: null };
    if (!/^[[(]/.test(text)) return { list: [cell] };
    const read = literal(text);
    if ('message' in read) return { message: `${field}: ${read.message}` };
    return Array.isArray(read.value) ? listOf(field, read.value) : { list: [cell] };
  }
  if (!Array.isArray(cell)) return { message: `the field "${field}" must be a list of texts, this is ${shown(cell)}` };
  const list: string[] = [];
  for (const item of cell) {
    const text = textOf(item);
    if (text === undefined) return { message: `${field} holds ${shown(item)}, which is no text` };
    list.push(text);
  }
  return { list };
}

function answersOf(cell: JsonValue | undefined): string | readonly string[] | RowTrouble {
  if (cell === undefined) return { message: 'the field "answers" is missing' };
  if (cell === null) return [];
  if (typeof cell === 'number' || typeof cell === 'boolean') return textOf(cell) ?? '';
  if (typeof cell === 'string' && !/^\s*\[/.test(cell)) return cell;
  // An answer may look like a list without being one: "[sic] tea".
  if (typeof cell === 'string' && 'message' in literal(cell.trim())) return cell;
  const read = listOf('answers', cell);
  return 'message' in read ? read : (read.list ?? []);
}

/** Numbers and truth values as Python writes them. */
function textOf(item: JsonValue): string | undefined {
  if (typeof item === 'string') return item;
  if (typeof item === 'number') return String(item);
  if (typeof item === 'boolean') return item ? 'True' : 'False';
  return undefined;
}

function literal(text: string): { readonly value: JsonValue } | RowTrouble {
  try {
    return { value: parsePythonLiteral(text) };
  } catch (error) {
    if (!FettleError.isInstance(error)) throw error;
    return { message: `the text is no Python list (${error.message})` };
  }
}

function groupOf(row: JsonObject, images: readonly string[], set: EvaluationSet): string | undefined {
  const given = row['document'] ?? row['doc_id'] ?? row['group'];
  if (isName(given) || typeof given === 'number') return String(given);
  return documentOf(images, set.pages);
}

function isName(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value.trim() !== '' && value !== 'None';
}

function shown(value: JsonValue): string {
  return JSON.stringify(value).slice(0, 60);
}
