import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FettleError } from '../../core/index.ts';
import { isWindowsTrap } from './member-name.ts';
import { openData, type OpenDataOptions } from '../tree/open-data.ts';
import type { DataTree } from '../tree/data-tree.ts';

export interface ExtractOptions extends OpenDataOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told after each file: files and bytes so far. */
  readonly onProgress?: ((progress: { readonly files: number; readonly bytes: number }) => void) | undefined;
}

export interface Extracted {
  readonly files: number;
  readonly bytes: number;
  /** Members that were left out, and why. */
  readonly notes: readonly string[];
}

/**
 * Extracts an archive into a folder that does not exist yet or is empty.
 * Members are written below a temporary folder beside it, which takes the folder's name once all are there:
 * the folder is either absent or whole. Only plain files are written; modes and owners are not taken over.
 *
 * Throws a FettleError `archive-unsafe` for names that climb out, `archive-limit` for bombs, `archive-damaged`,
 * `archive-conflict` where the folder holds files, or where two members' names differ only as this file system does not.
 */
export async function extractArchive(
  archive: string,
  folder: string,
  options: ExtractOptions = {},
): Promise<Extracted> {
  const existing = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  if (existing.length > 0) {
    throw new FettleError(`${folder} holds files already`, {
      code: 'archive-conflict',
      where: folder,
      hint: 'Extract into a new folder, or remove this one.',
    });
  }
  await using tree = await openData(archive, options);
  if (tree.kind !== 'zip' && tree.kind !== 'tar') {
    throw new FettleError(`${archive} is no archive`, {
      code: 'archive-unsupported',
      where: archive,
      hint: 'zip, tar and tar.gz are read.',
    });
  }
  await mkdir(dirname(folder), { recursive: true });
  const temporary = join(dirname(folder), `.${basename(folder)}.${randomUUID()}.partial`);
  try {
    const written = await writeEntries(tree, temporary, options);
    // An empty folder gives way; rename onto it works on POSIX alone.
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
    return { ...written, notes: tree.notes };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw diskFull(error, folder);
  }
}

async function writeEntries(
  tree: DataTree,
  folder: string,
  { signal, onProgress }: ExtractOptions,
): Promise<{ files: number; bytes: number }> {
  let files = 0;
  let bytes = 0;
  await mkdir(folder);
  const made = new Set(['.']);
  for (const entry of await tree.list()) {
    signal?.throwIfAborted();
    if (process.platform === 'win32' && isWindowsTrap(entry.path)) {
      throw new FettleError(`${entry.label} has a name that Windows cannot take`, {
        code: 'archive-unsafe',
        where: entry.label,
        hint: 'Read the archive in place with --data, or extract it on another system.',
      });
    }
    const parent = dirname(entry.path);
    try {
      if (!made.has(parent)) await mkdir(join(folder, parent), { recursive: true });
      made.add(parent);
      await using handle = await open(join(folder, entry.path), 'wx', 0o644);
      for await (const chunk of entry.stream()) {
        signal?.throwIfAborted();
        await handle.writeFile(chunk);
        bytes += chunk.length;
      }
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
      throw new FettleError(`${entry.label} cannot be written: a member of the same name is there already`, {
        code: 'archive-conflict',
        where: entry.label,
        hint: 'Two names differ only by case or by being a file and a folder; extract on another file system.',
        cause: error,
      });
    }
    files++;
    onProgress?.({ files, bytes });
  }
  return { files, bytes };
}

/** Gives the system's "no space" its own words; other errors pass. */
export function diskFull(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new FettleError(`There is no space left for ${folder}`, {
    code: 'disk-full',
    where: folder,
    hint: 'Free some space, or use another disk (FETTLE_DATA sets the folder of data sets).',
    cause: error,
  });
}
