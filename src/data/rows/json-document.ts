import { FettleError, type JsonObject, type JsonValue } from '../../core/index.ts';
import { bytesSource } from '../bytes/bytes-source.ts';
import { collect } from '../bytes/collect.ts';
import { invalidUtf8Offset } from './invalid-utf8.ts';
import { countNewLines, elementLines, fieldPositions } from './json-elements.ts';
import { findJsonFault } from './json-fault.ts';
import { isRecord, jsonLinesChunks, notAnObject } from './jsonl.ts';
import { parseJson } from './parse-json.ts';
import { report, rowError } from './row-fault.ts';
import { defaultMaxDocumentBytes, type ChunkOptions, type ReadRowsOptions, type Row } from './row.ts';

/** Text of a whole file; a FettleError `data-encoding` with the line where it is not UTF-8. */
export async function documentText(
  chunks: AsyncIterable<Uint8Array>,
  label: string,
  { encoding = 'strict', maxDocumentBytes = defaultMaxDocumentBytes }: ReadRowsOptions,
): Promise<string> {
  const bytes = await collect(chunks, { label, maxBytes: maxDocumentBytes });
  const offset = encoding === 'strict' ? invalidUtf8Offset(bytes) : -1;
  if (offset >= 0) {
    let line = 1;
    for (let i = bytes.indexOf(10); i >= 0 && i < offset; i = bytes.indexOf(10, i + 1)) line++;
    throw rowError(label, {
      code: 'data-encoding',
      line,
      message: `byte ${offset} of the file (0x${(bytes[offset] ?? 0).toString(16).padStart(2, '0')}) is not UTF-8`,
      hint: 'Save the file as UTF-8, or read it leniently to replace such bytes.',
    });
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

/** Parses a document; a FettleError with line, column and a hint where it is not JSON. */
export function parseDocument(text: string, label: string): JsonValue {
  try {
    return parseJson(text);
  } catch (cause) {
    const fault = findJsonFault(text);
    if (fault === undefined) {
      throw new FettleError(`${label}: the JSON value is nested too deeply`, {
        code: 'data-invalid',
        where: label,
        cause,
      });
    }
    const lineStart = text.lastIndexOf('\n', fault.offset - 1) + 1;
    throw rowError(label, {
      line: 1 + countNewLines(text, 0, lineStart),
      column: fault.offset - lineStart + 1,
      message: fault.message,
      hint: fault.hint ?? (fault.incomplete ? 'The file ends too early: it may have been cut.' : undefined),
    });
  }
}

/**
 * Rows of one JSON document: an array of objects; an object that holds one such array among its fields;
 * an object whose values are all objects (each row then has its `key`); else the object itself as the only row.
 */
export async function* jsonDocumentChunks(
  chunks: AsyncIterable<Uint8Array>,
  label: string,
  options: ChunkOptions = {},
): AsyncGenerator<Iterable<Row>, void> {
  const text = await documentText(chunks, label, options);
  if (text.trim() === '') return;
  if (isLines(text)) {
    yield* jsonLinesChunks(bytesSource(text, label).stream(), label, options);
    return;
  }
  let document: JsonValue;
  try {
    document = parseDocument(text, label);
  } catch (error) {
    if (options.onFault === undefined || !FettleError.isInstance(error)) throw error;
    const line = Number(error.where?.slice(label.length + 1).split(':')[0]);
    options.onFault({
      file: label,
      severity: 'error',
      message: error.message,
      ...(Number.isInteger(line) ? { line } : {}),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
    return;
  }
  yield rowsOf(elements(document, text), label, options);
}

function* rowsOf(found: readonly Element[], label: string, { anyValue, onFault }: ChunkOptions): Generator<Row, void> {
  let row = 0;
  for (const { value, line, key } of found) {
    if (anyValue === true || isRecord(value)) {
      yield { value: value as JsonObject, line, row: row++, ...(key === undefined ? {} : { key }) };
    } else report(label, { ...notAnObject(value), line }, onFault);
  }
}

/** True for JSON Lines whose first line was too long to be told from a document by the first bytes. */
function isLines(text: string): boolean {
  const end = text.indexOf('\n');
  if (end < longFirstLine || text.slice(end).trim() === '') return false;
  try {
    const first: unknown = JSON.parse(text.slice(0, end));
    return typeof first === 'object' && first !== null && !Array.isArray(first);
  } catch {
    return false;
  }
}

/** Shorter lines were seen whole by the sniffing. */
const longFirstLine = 32 * 1024;

interface Element {
  readonly value: JsonValue | undefined;
  readonly line: number;
  readonly key?: string;
}

function elements(document: JsonValue, text: string): Element[] {
  const root = text.search(/\S/);
  if (Array.isArray(document)) return withLines(document, elementLines(text, root));
  if (typeof document !== 'object' || document === null) return [{ value: document, line: 1 }];
  const fields = Object.entries(document);
  const lists = fields.filter(([, value]) => isListOfObjects(value));
  if (lists.length === 1) {
    const [name, list] = lists[0] as [string, JsonValue[]];
    let open = root;
    // A name that is written twice counts the last time, as the parser takes it.
    for (const field of fieldPositions(text, root)) if (field.name === name) open = field.start;
    return withLines(list, elementLines(text, open));
  }
  if (fields.length > 0 && fields.every(([, value]) => isObject(value))) {
    const lines = new Map<string, number>();
    for (const { name, line } of fieldPositions(text, root)) lines.set(name, line);
    return fields.map(([key, value]) => ({ value, key, line: lines.get(key) ?? 1 }));
  }
  return [{ value: document, line: 1 + countNewLines(text, 0, root) }];
}

function withLines(values: readonly (JsonValue | undefined)[], lines: readonly number[]): Element[] {
  return values.map((value, index) => ({ value, line: lines[index] ?? 1 }));
}

function isObject(value: JsonValue | undefined): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfObjects(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item as JsonValue));
}
