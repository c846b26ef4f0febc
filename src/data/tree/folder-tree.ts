import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { FettleError } from '../../core/index.ts';
import { hasControlCharacter, isClutter } from '../archives/member-name.ts';
import { fileSource } from '../bytes/file-source.ts';
import { createTree } from './create-tree.ts';
import type { DataEntry, DataTree } from './data-tree.ts';

const maxEntries = 1_000_000;
const maxDepth = 64;
/** Not data: version control and the caches of download tools. */
const skippedFolders = new Set(['.git', '.cache', 'node_modules']);

/**
 * The files of a folder and its folders. A link is followed where its target lies within the folder
 * (or in the `blobs` beside it, as the Hugging Face cache lays out its snapshots); others are noted and left out.
 */
export function folderTree(folder: string, location: string = folder): DataTree {
  return createTree({
    kind: 'folder',
    location,
    async scan(note) {
      const root = await realpath(folder);
      const allowed = [root + sep];
      const parent = dirname(root);
      if (basename(parent) === 'snapshots') allowed.push(join(dirname(parent), 'blobs') + sep);
      const entries: DataEntry[] = [];
      const visited = new Set<string>();

      const visit = async (real: string, relative: string, depth: number): Promise<void> => {
        if (visited.has(real)) return;
        visited.add(real);
        if (depth > maxDepth) {
          note(`${relative}: deeper than ${maxDepth} folders, left out`);
          return;
        }
        for await (const item of await opendir(real)) {
          const path = relative === '' ? item.name : `${relative}/${item.name}`;
          if (isClutter(item.name)) continue;
          if (hasControlCharacter(item.name)) {
            note(`${JSON.stringify(path)}: a control character in its name, left out`);
            continue;
          }
          let target = join(real, item.name);
          if (item.isSymbolicLink()) {
            const resolved = await realpath(target).catch(() => undefined);
            if (resolved === undefined || !allowed.some((start) => `${resolved}${sep}`.startsWith(start))) {
              note(`${path}: ${resolved === undefined ? 'a broken link' : 'a link that leads outside'}, left out`);
              continue;
            }
            target = resolved;
          }
          const found = await stat(target);
          if (found.isDirectory()) {
            if (!skippedFolders.has(item.name)) await visit(target, path, depth + 1);
          } else if (found.isFile()) {
            entries.push({
              ...fileSource(target, { label: join(location, ...path.split('/')), name: item.name }),
              path,
              size: found.size,
            });
            if (entries.length > maxEntries) {
              throw new FettleError(`${location} holds more than ${maxEntries} files`, {
                code: 'data-too-large',
                where: location,
                hint: 'Give the folder of the data set itself.',
              });
            }
          } else note(`${path}: neither a file nor a folder, left out`);
        }
      };
      await visit(root, '', 0);
      return entries;
    },
  });
}
