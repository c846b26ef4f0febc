import { FettleError } from '../../core/index.ts';
import { byteCount } from '../../data/index.ts';

/** A failure of the file system while a pairs folder is written, as an error that says how to mend it. */
export function writeFault(error: unknown, folder: string, needed: number): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder, needed, undefined, error);
  const hint =
    code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
      ? 'Give this user write permission, or name another folder for the cache.'
      : 'Check the folder for the cache.';
  return new FettleError(`The image-text pairs cannot be written: ${error.message}`, {
    code: 'cannot-write',
    where: folder,
    hint,
    cause: error,
  });
}

/** `free`: bytes that are left, where that was looked up before anything was written. */
export function diskFull(folder: string, needed: number, free: number | undefined, cause?: unknown): FettleError {
  const left = free === undefined ? '' : `, and ${byteCount(free)} are free`;
  return new FettleError(`The disk is too full for the image-text pairs: they take ${byteCount(needed)}${left}`, {
    code: 'disk-full',
    where: folder,
    hint: 'Free some space, name another folder for the cache, or take smaller images. Nothing was left behind.',
    cause,
  });
}

/** A pairs folder that is not what its manifest says. */
export function damagedPairs(where: string, why: string, cause?: unknown): FettleError {
  return new FettleError(`The pairs folder is damaged: ${why}`, {
    code: 'pairs-damaged',
    where,
    hint: 'Remove the folder; it is made anew from the data.',
    cause,
  });
}
