import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Moves what is in one folder into another on the same disk; files of the same name are replaced. */
export async function mergeFolder(from: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  for (const item of await readdir(from, { withFileTypes: true })) {
    const source = join(from, item.name);
    const target = join(into, item.name);
    const existing = await lstat(target).catch(() => undefined);
    if (item.isDirectory() && existing?.isDirectory() === true) await mergeFolder(source, target);
    else {
      if (existing !== undefined) await rm(target, { recursive: true });
      await rename(source, target);
    }
  }
  await rm(from, { recursive: true, force: true });
}
