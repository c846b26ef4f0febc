import { readFile, stat } from 'node:fs/promises';
import { errorMessage, type FettleError, usageError } from '../../core/index.ts';

/** Width and height in pixels. */
export type SizePair = readonly [width: number, height: number];

const mostBytes = 256 * 2 ** 20;
/** As `allocateTiles` has it; checked here so that the error can name list and entry. */
const mostSide = 1e6;
const shape = 'The file holds a list of lists of [width, height], in pixels: [[[1240, 1754], [800, 600]]].';

/**
 * Lists of image sizes from a JSON file, one list a request.
 *
 * @throws FettleError (usage) that names the list and the entry, counted from 1
 */
export async function readSizeLists(file: string): Promise<readonly (readonly SizePair[])[]> {
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > mostBytes) throw invalid(file, `it has ${size} bytes, more than ${mostBytes}`);
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'sizes-invalid') throw cause;
    throw usageError(`The sizes cannot be read: ${errorMessage(cause)}`, { where: file, hint: shape, cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(file, `it is no JSON (${errorMessage(cause)})`, cause);
  }
  if (!Array.isArray(value)) throw invalid(file, `it holds ${nameOf(value)} and no list`);
  return value.map((list: unknown, at) => {
    if (!Array.isArray(list)) throw invalid(`${file}, list ${at + 1}`, `it is ${nameOf(list)} and no list`);
    return list.map((entry: unknown, index) => sizePair(entry, `${file}, list ${at + 1}, entry ${index + 1}`));
  });
}

function sizePair(entry: unknown, where: string): SizePair {
  if (!Array.isArray(entry)) throw invalid(where, `it is ${nameOf(entry)} and no pair`);
  if (entry.length !== 2) throw invalid(where, `it has ${entry.length} numbers and not two`);
  const [width, height] = entry as readonly unknown[];
  if (!isSide(width)) throw invalid(where, `its width is ${shown(width)}`);
  if (!isSide(height)) throw invalid(where, `its height is ${shown(height)}`);
  return [width, height];
}

function isSide(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= mostSide;
}

function shown(value: unknown): string {
  return typeof value === 'number' ? `${value}, and no whole number from 1 to ${mostSide}` : nameOf(value);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function invalid(where: string, what: string, cause?: unknown): FettleError {
  return usageError(`These are no sizes of images: ${what}.`, { code: 'sizes-invalid', where, hint: shape, cause });
}
