import {
  type FettleError,
  type ContentPart,
  type JsonObject,
  type JsonValue,
  type Message,
  type Sample,
} from '../core/index.ts';
import type { ByteSource } from './bytes/byte-source.ts';
import type { ImageLimits } from './images/inspect-image.ts';
import { cellImage } from './images/images.ts';
import { parsePythonLiteral } from './python-literal.ts';
import { readRows } from './rows/read-rows.ts';
import { rowError } from './rows/row-fault.ts';
import type { ReadRowsOptions, Row } from './rows/row.ts';
import type { DataTree } from './tree/data-tree.ts';
import { nearestNames } from './tree/nearest-names.ts';

export interface SamplesFromRowsOptions extends Omit<ReadRowsOptions, 'onFault' | 'select'> {
  /** Text, or messages as OpenAI writes them. Default `input`. */
  readonly inputField?: string | undefined;
  /** Default `target`; null where the data has none (then the target is null). */
  readonly targetField?: string | null | undefined;
  /** Default `id` where rows have it; ids of other rows are `<file>#<row from 0>`. */
  readonly idField?: string | undefined;
  /** A list, a JSON or Python list as text, or text with `|` between the options. */
  readonly choicesField?: string | undefined;
  /** One image or a list of them, see `cellImage`. They precede the text of the last user message. */
  readonly imageField?: string | undefined;
  readonly groupField?: string | undefined;
  /** Text that becomes a system message. */
  readonly systemField?: string | undefined;
  /** Fields whose values become labels, for breakdowns. */
  readonly labels?: readonly string[] | undefined;
  /** Where paths of images are looked up. */
  readonly tree?: DataTree | undefined;
  readonly imageLimits?: ImageLimits | undefined;
}

/**
 * Samples from the rows of a file, one after another: an evaluation of one's own without code.
 * Fields without a part of their own become the sample's metadata.
 *
 * Throws a FettleError `data-invalid` with file and line where a field is missing (it names the fields there are and
 * the nearest name), has the wrong type, or an id comes twice. Memory grows with the ids alone.
 */
export async function* samplesFromRows(
  source: ByteSource | string,
  options: SamplesFromRowsOptions = {},
): AsyncGenerator<Sample, void> {
  const label = typeof source === 'string' ? source : source.label;
  const name = typeof source === 'string' ? (source.split(/[\\/]/).at(-1) ?? source) : source.name;
  const stem = name.replace(/(?:\.(?:jsonl|ndjson|json|csv|tsv|parquet))?(?:\.(?:gz|zst))?$/i, '');
  const lines = new Map<string, number>();
  for await (const row of readRows(source, options)) {
    const sample = toSample(row, label, stem, options);
    // Numbered rows cannot meet, and remembering them all would cost memory that grows with the file.
    if (sample.id !== `${stem}#${row.row}`) {
      const earlier = lines.get(sample.id);
      if (earlier !== undefined) {
        throw rowError(label, {
          line: row.line,
          message: `the id ${JSON.stringify(sample.id)} was used on line ${earlier} already`,
          hint: 'Ids must differ, or results could not be told apart.',
        });
      }
      lines.set(sample.id, row.line);
    }
    yield sample;
  }
}

function toSample(row: Row, label: string, stem: string, options: SamplesFromRowsOptions): Sample {
  const { inputField = 'input', targetField = 'target', idField, choicesField, imageField } = options;
  const { groupField, systemField, labels = [], tree, imageLimits } = options;
  const { value, line } = row;

  const wrong = (field: string, expected: string): FettleError =>
    rowError(label, { line, message: `field ${JSON.stringify(field)} must be ${expected}` });
  const cell = (field: string): JsonValue => {
    const found = Object.hasOwn(value, field) ? value[field] : undefined;
    if (found === undefined) throw missingField(field, row, label);
    return found;
  };
  const textOf = (field: string): string => {
    const found = cell(field);
    if (typeof found === 'string') return found;
    if (typeof found === 'number' || typeof found === 'boolean') return String(found);
    throw wrong(field, 'text');
  };

  const ownId = idField !== undefined || Object.hasOwn(value, 'id');
  const id = ownId ? textOf(idField ?? 'id') : `${stem}#${row.row}`;
  if (id === '') throw wrong(idField ?? 'id', 'not empty');

  const messages = toMessages(cell(inputField), () =>
    wrong(inputField, 'text or a list of messages {"role": "user", "content": "..."}'),
  );
  const system: Message[] = systemField === undefined ? [] : [{ role: 'system', content: textOf(systemField) }];
  const images =
    imageField === undefined ? [] : imagesOf(cell(imageField), { line, label, field: imageField, tree, imageLimits });
  const choices =
    choicesField === undefined
      ? undefined
      : toChoices(cell(choicesField), () => wrong(choicesField, 'a list of texts'));

  const used = new Set([inputField, targetField, idField ?? 'id', choicesField, imageField, groupField, systemField]);
  const metadata: Record<string, JsonValue | undefined> = {};
  for (const [field, content] of Object.entries(value)) {
    if (!used.has(field)) Object.defineProperty(metadata, field, { value: content, enumerable: true });
  }
  return {
    id,
    input: [...system, ...withImages(messages, images)],
    target: targetField === null ? null : cell(targetField),
    ...(choices === undefined ? {} : { choices }),
    ...(groupField === undefined ? {} : { group: textOf(groupField) }),
    ...(labels.length === 0 ? {} : { labels: Object.fromEntries(labels.map((field) => [field, textOf(field)])) }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata: metadata as JsonObject }),
  };
}

function missingField(field: string, row: Row, label: string): FettleError {
  const names = Object.keys(row.value);
  const near = nearestNames(field, names, 1)[0];
  const known = names.length === 0 ? 'The row has no fields.' : `The row has ${names.join(', ')}.`;
  return rowError(label, {
    line: row.line,
    message: `there is no field ${JSON.stringify(field)}`,
    hint: near === undefined ? known : `${known} Did you mean ${JSON.stringify(near)}?`,
  });
}

function toMessages(input: JsonValue, wrong: () => FettleError): Message[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  if (typeof input === 'number') return [{ role: 'user', content: String(input) }];
  if (!Array.isArray(input) || input.length === 0) throw wrong();
  return (input as readonly JsonValue[]).map((message) => {
    if (typeof message !== 'object' || message === null || Array.isArray(message)) throw wrong();
    const { role, content } = message as JsonObject;
    if (role !== 'system' && role !== 'user' && role !== 'assistant') throw wrong();
    if (typeof content === 'string') return { role, content };
    if (!Array.isArray(content)) throw wrong();
    const parts = (content as readonly JsonValue[]).map((part): ContentPart => {
      const { type, text } = (part ?? {}) as JsonObject;
      if (type !== 'text' || typeof text !== 'string') throw wrong();
      return { type, text };
    });
    return { role, content: parts };
  });
}

interface ImageContext extends Pick<SamplesFromRowsOptions, 'tree' | 'imageLimits'> {
  readonly line: number;
  readonly label: string;
  readonly field: string;
}

function imagesOf(cell: JsonValue, { line, label, field, tree, imageLimits }: ImageContext): ContentPart[] {
  const cells: readonly JsonValue[] = Array.isArray(cell) ? (cell as readonly JsonValue[]) : [cell];
  return cells.flatMap((one) => {
    const image = cellImage(one, { ...imageLimits, tree, label: `${label}:${line} ${field}` });
    return image === undefined ? [] : [{ type: 'image', image } satisfies ContentPart];
  });
}

function withImages(messages: readonly Message[], images: readonly ContentPart[]): readonly Message[] {
  if (images.length === 0) return messages;
  const last = messages.findLastIndex(({ role }) => role === 'user');
  return messages.map((message, index) => {
    if (index !== last) return message;
    const { role, content } = message;
    const text: readonly ContentPart[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    return { role, content: [...images, ...text] };
  });
}

function toChoices(cell: JsonValue, wrong: () => FettleError): string[] {
  const list = typeof cell === 'string' ? choicesText(cell) : cell;
  if (!Array.isArray(list) || list.length === 0) throw wrong();
  return (list as readonly JsonValue[]).map((choice) => {
    if (typeof choice === 'string') return choice;
    if (typeof choice === 'number' || typeof choice === 'boolean') return String(choice);
    throw wrong();
  });
}

/** A JSON list, a Python list, or options with `|` between them. */
function choicesText(text: string): JsonValue {
  const trimmed = text.trim();
  if (!/^[[(]/.test(trimmed)) return trimmed.split('|').map((choice) => choice.trim());
  try {
    return JSON.parse(trimmed) as JsonValue;
  } catch {
    return parsePythonLiteral(trimmed);
  }
}
