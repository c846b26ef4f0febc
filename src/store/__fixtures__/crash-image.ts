import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { databaseName } from '../index.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A folder as it would lie there had the process that has `folder` open been killed now. */
export function crashImage(folder: string, { shm }: { shm: boolean }): { folder: string; file: string; wal: string } {
  const image = temporaryFolder();
  const file = join(image, databaseName);
  for (const suffix of shm ? ['', '-wal', '-shm'] : ['', '-wal']) {
    const from = join(folder, databaseName + suffix);
    if (existsSync(from)) copyFileSync(from, file + suffix);
  }
  return { folder: image, file, wal: `${file}-wal` };
}
