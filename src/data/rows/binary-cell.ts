import type { JsonObject, JsonValue } from '../../core/index.ts';

const contents = new WeakMap<object, Uint8Array>();

/**
 * Makes bytes a cell that prints as `{"byteLength": 1234}`; the bytes themselves are kept beside it.
 * Data cannot forge one: only the very object that was made here has bytes.
 */
export function binaryCell(bytes: Uint8Array): JsonObject {
  const cell = Object.freeze({ byteLength: bytes.length });
  contents.set(cell, bytes);
  return cell;
}

/** The bytes of a binary cell, undefined for any other value. */
export function cellBytes(cell: JsonValue | undefined): Uint8Array | undefined {
  return typeof cell === 'object' && cell !== null ? contents.get(cell) : undefined;
}
