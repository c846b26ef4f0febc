import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { openData, openSource } from '../tree/open-data.ts';
import type { DataEntry, DataTree } from '../tree/data-tree.ts';

/** A file of the data, within its folder or within one of the archives in that folder. */
export interface FoundFile {
  /** Path within the folder, or within the archive. */
  readonly path: string;
  /** Path of the archive within the folder, where it lies in one. */
  readonly archive?: string | undefined;
  readonly entry: DataEntry;
}

export interface FoundFiles {
  readonly files: readonly FoundFile[];
  readonly notes: readonly string[];
  /** The file that was named, where the location was a single file that is no archive. */
  readonly named?: string | undefined;
  close(): Promise<void>;
}

const archiveName = /\.(?:tar|tar\.gz|tgz|zip)$/i;

/** The files of a folder and of the archives in it; of an archive; or of the folder around a single file. */
export async function collectFiles(location: string): Promise<FoundFiles> {
  let root = await openData(location);
  let named: string | undefined;
  const opened: DataTree[] = [root];
  if (root.kind === 'file' && (await stat(location)).isFile()) {
    await root.close();
    named = basename(location);
    root = await openData(dirname(location));
    opened[0] = root;
  }
  const close = async (): Promise<void> => {
    for (const tree of opened.toReversed()) await tree.close();
  };
  try {
    const files: FoundFile[] = [];
    const entries = await root.list();
    const notes = [...root.notes];
    for (const entry of entries) {
      if (root.kind !== 'folder' || !archiveName.test(entry.path)) {
        files.push({ path: entry.path, entry });
        continue;
      }
      const inner = await openSource(entry);
      opened.push(inner);
      if (inner.kind === 'file') {
        files.push({ path: entry.path, entry });
        continue;
      }
      for (const member of await inner.list()) files.push({ path: member.path, archive: entry.path, entry: member });
      notes.push(...inner.notes.map((note) => `${entry.path}: ${note}`));
    }
    return { files, notes, named, close };
  } catch (error) {
    await close();
    throw error;
  }
}
