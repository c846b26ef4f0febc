import { isAscii, isUtf8 } from 'node:buffer';
import type { JsonObject } from '../../core/index.ts';
import { byteCount } from '../bytes/byte-count.ts';
import { invalidUtf8Offset } from './invalid-utf8.ts';
import { findJsonFault } from './json-fault.ts';
import { hasLongDigits, parseJsonExactly } from './parse-json.ts';
import { report, type RowFault } from './row-fault.ts';
import { defaultMaxLineBytes, type ChunkOptions, type Row } from './row.ts';

const newLine = 10;

/**
 * Rows of JSON Lines, in chunks of whole lines that are parsed as their rows are asked for.
 * Input is UTF-8 without a byte order mark (see `textChunks`). Blank lines and a missing last line end are fine.
 */
export async function* jsonLinesChunks(
  chunks: AsyncIterable<Uint8Array>,
  label: string,
  options: ChunkOptions = {},
): AsyncGenerator<Iterable<Row>, void> {
  const { maxLineBytes = defaultMaxLineBytes, onFault, signal } = options;
  const lines = new LineReader(label, options);
  let carried: Uint8Array[] = [];
  let carriedBytes = 0;
  /** Inside a line that is too long, until its end. */
  let skipping = false;

  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    let start = 0;
    if (skipping) {
      start = chunk.indexOf(newLine) + 1;
      if (start === 0) continue;
      skipping = false;
      lines.line++;
    }
    const end = chunk.lastIndexOf(newLine) + 1;
    if (end > start && carriedBytes > 0) {
      // The line that was cut is joined by itself: the rest needs no copy.
      const first = chunk.indexOf(newLine, start) + 1;
      yield lines.read(Buffer.concat([...carried, chunk.subarray(start, first)]));
      carried = [];
      carriedBytes = 0;
      start = first;
    }
    if (end > start) {
      yield lines.read(chunk.subarray(start, end));
      start = end;
    }
    if (start === chunk.length) continue;
    carried.push(start === 0 ? chunk : chunk.subarray(start));
    carriedBytes += chunk.length - start;
    if (carriedBytes > maxLineBytes) {
      report(label, { ...tooLong(maxLineBytes), line: lines.line }, onFault);
      carried = [];
      carriedBytes = 0;
      skipping = true;
    }
  }
  if (carriedBytes > 0) yield lines.read(Buffer.concat(carried));
}

/** Turns blocks of lines into rows and keeps count. */
class LineReader {
  /** Number of the next line. */
  line = 1;
  #row = 0;
  readonly #label: string;
  readonly #options: ChunkOptions;

  constructor(label: string, options: ChunkOptions) {
    this.#label = label;
    this.#options = options;
  }

  read(block: Uint8Array): Iterable<Row> {
    const { buffer, byteOffset, length } = block;
    const bytes = Buffer.from(buffer, byteOffset, length);
    if (isAscii(bytes)) return this.#readText(bytes.toString('latin1'));
    if (this.#options.encoding !== 'lenient' && !isUtf8(bytes)) return this.#readOddBlock(bytes);
    return this.#readText(bytes.toString('utf8'));
  }

  /** Line by line, so that the lines that are not UTF-8 are found and the others kept. */
  *#readOddBlock(block: Buffer): Generator<Row, void> {
    for (let start = 0; start < block.length;) {
      const found = block.indexOf(newLine, start);
      const end = found < 0 ? block.length : found + 1;
      const line = block.subarray(start, end);
      const offset = invalidUtf8Offset(line);
      if (offset < 0) yield* this.#readText(line.toString('utf8'));
      else this.#fault({ ...notUtf8(line, offset), line: this.line++ });
      start = end;
    }
  }

  *#readText(text: string): Generator<Row, void> {
    const { maxLineBytes = defaultMaxLineBytes } = this.#options;
    const exact = hasLongDigits(text);
    for (let start = 0; start < text.length;) {
      const found = text.indexOf('\n', start);
      const end = found < 0 ? text.length : found;
      const line = text.slice(start, end);
      const number = this.line++;
      start = end + 1;
      if (line.length > maxLineBytes) this.#fault({ ...tooLong(maxLineBytes), line: number });
      else if (line.charCodeAt(0) > 32 || line.trim() !== '') {
        const value = this.#parse(line, number, exact);
        if (value !== undefined) yield { value, line: number, row: this.#row++ };
      }
    }
  }

  #parse(line: string, number: number, exact: boolean): JsonObject | undefined {
    let value: unknown;
    try {
      value = exact && hasLongDigits(line) ? parseJsonExactly(line) : JSON.parse(line);
    } catch {
      this.#fault(brokenLine(line, number));
      return undefined;
    }
    if (this.#options.anyValue === true || isRecord(value)) return value as JsonObject;
    this.#fault({ ...notAnObject(value), line: number });
    return undefined;
  }

  #fault(fault: RowFault): void {
    report(this.#label, fault, this.#options.onFault);
  }
}

/** True for what a row must be unless any value will do. */
export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function brokenLine(text: string, line: number): RowFault {
  const fault = findJsonFault(text);
  if (fault === undefined) return { line, message: 'the JSON value is nested too deeply' };
  return {
    line,
    column: fault.offset + 1,
    message: fault.message,
    hint:
      fault.hint ??
      (fault.incomplete ? 'JSON Lines takes one whole JSON value a line; the file may have been cut.' : undefined),
  };
}

export function notAnObject(value: unknown): RowFault {
  const found = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
  return { message: `a row must be a JSON object, this is ${found}`, hint: 'Write each row as {"field": value, ...}.' };
}

export function notUtf8(bytes: Uint8Array, offset: number): RowFault {
  const byte = (bytes[offset] ?? 0).toString(16).padStart(2, '0');
  return {
    code: 'data-encoding',
    column: offset + 1,
    message: `byte ${offset + 1} of the line (0x${byte}) is not UTF-8`,
    hint: 'Save the file as UTF-8, or read it leniently to replace such bytes.',
  };
}

function tooLong(maxLineBytes: number): RowFault {
  return {
    code: 'data-too-large',
    message: `the line is longer than ${byteCount(maxLineBytes)}`,
    hint: 'A JSON document that is not JSON Lines should be named .json.',
  };
}
