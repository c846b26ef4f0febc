import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { errorMessage, FettleError } from '../../core/index.ts';
import type { ByteSource } from './byte-source.ts';
import { defaultMaxBytes, tooLarge } from './collect.ts';
import { readFileRange, streamFileRange } from './read-file-range.ts';

/** A file of the machine as a source. Nothing is opened until it is read. */
export function fileSource(
  path: string,
  { label = path, name = basename(path), size }: { label?: string; name?: string; size?: number | undefined } = {},
): ByteSource {
  return {
    label,
    name,
    file: path,
    size,
    async *stream() {
      await using handle = await openForReading(path, label);
      yield* streamFileRange(handle, 0);
    },
    async bytes({ maxBytes = defaultMaxBytes } = {}) {
      await using handle = await openForReading(path, label);
      const { size: found } = await handle.stat();
      if (found > maxBytes) throw tooLarge(label, found, maxBytes);
      return await readFileRange(handle, label, 0, found);
    },
    async range(start, end) {
      await using handle = await openForReading(path, label);
      return await readFileRange(handle, label, start, end);
    },
  };
}

/** Opens a file; a missing, unreadable or non-regular one gives a FettleError `data-missing` or `data-unreadable`. */
export async function openForReading(path: string, label: string = path) {
  try {
    // Opening a named pipe would wait for a writer for ever.
    const { isFile } = await stat(path).then((found) => ({ isFile: found.isFile() }));
    if (!isFile) {
      throw new FettleError(`${label} is not a regular file`, {
        code: 'data-unreadable',
        where: label,
        hint: 'Name a file: no folder, pipe or device.',
      });
    }
    return await open(path, 'r');
  } catch (error) {
    if (FettleError.isInstance(error)) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new FettleError(`There is no file ${label}`, {
        code: 'data-missing',
        where: label,
        hint: 'Check the path.',
        cause: error,
      });
    }
    throw new FettleError(`${label} cannot be read: ${errorMessage(error)}`, {
      code: 'data-unreadable',
      where: label,
      hint: code === 'EACCES' ? 'Check the permissions of the file.' : undefined,
      cause: error,
    });
  }
}
