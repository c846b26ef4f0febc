import { randomBytes } from 'node:crypto';
import { access, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FettleError, usageError } from '../../core/index.ts';

export interface AtomicFileOptions {
  /** Replaces a file that is there. */
  readonly force?: boolean | undefined;
}

/**
 * Writes a file that is either whole or absent: into a neighbour first, then renamed.
 * Throws a usage error when `path` exists and `force` is not set, and `cannot-write` when it cannot be written.
 */
export async function writeAtomically<T>(
  path: string,
  options: AtomicFileOptions,
  write: (file: FileHandle, temporaryPath: string) => Promise<T>,
): Promise<T> {
  await refuseToOverwrite(path, options);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  const file = await open(temporary, 'wx').catch((cause: unknown) => {
    throw cannotWrite(path, cause);
  });
  try {
    let result: T;
    try {
      result = await write(file, temporary);
      await file.sync();
    } finally {
      await file.close();
    }
    await refuseToOverwrite(path, options);
    await rename(temporary, path);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw isSystemError(error) ? cannotWrite(path, error) : error;
  }
}

async function refuseToOverwrite(path: string, { force }: AtomicFileOptions): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) throw usageError(`${path} is a folder`, { where: path, hint: 'Name a file.' });
  if (force !== true && (await exists(path))) {
    throw usageError(`${path} exists already`, {
      where: path,
      hint: 'Name another file, or add --force to replace it.',
    });
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const isSystemError = (error: unknown): boolean => error instanceof Error && 'syscall' in error && 'code' in error;

function cannotWrite(path: string, cause: unknown): FettleError {
  const code = (cause as { code?: string }).code ?? 'unknown';
  const hint =
    code === 'ENOENT'
      ? 'Make the folder first.'
      : code === 'ENOSPC'
        ? 'Free some space and try again; nothing was left behind.'
        : 'Check that the folder can be written to.';
  return new FettleError(`cannot write ${path} (${code})`, { code: 'cannot-write', where: path, hint, cause });
}
