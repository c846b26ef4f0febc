import { FettleError } from '../../core/index.ts';
import { entryImage } from '../images/images.ts';
import type { FoundFile } from './collect-files.ts';
import type { ImageItem } from './image-set.ts';
import { splitName, splitOfArchive } from './split-name.ts';

interface Placed {
  readonly file: FoundFile;
  readonly class: string;
  readonly split: ImageItem['split'];
}

/**
 * Pictures in folders named after their classes, `apple/1.png`, or with the split above them, `train/apple/1.png`.
 * Further folders above and below are passed over. Where any picture has a split above its class,
 * those without one belong to something else and are left out.
 */
export function readClassFolders(
  images: readonly FoundFile[],
  location: string,
): { items: ImageItem[]; notes: string[] } {
  const notes: string[] = [];
  const inSplits = images.flatMap((file) => placedBelowSplit(file) ?? []);
  const placed = inSplits.length > 0 ? inSplits : placedByClass(images);
  if (placed.length === 0) {
    throw new FettleError(`${location} holds no pictures in folders named after classes`, {
      code: 'data-missing',
      where: location,
      hint: 'Lay them out as CLASS/FILE.png or train/CLASS/FILE.png and test/CLASS/FILE.png, in a folder or in tar or zip files.',
    });
  }
  if (placed.length < images.length) {
    notes.push(
      `${images.length - placed.length} pictures lie in no class folder${inSplits.length > 0 ? ' below train, validation or test' : ''}, left out`,
    );
  }
  const ids = new Set<string>();
  const items = placed.map(({ file, ...known }): ImageItem => {
    const plain = file.path.normalize('NFC');
    const id = ids.has(plain) && file.archive !== undefined ? `${file.archive}/${plain}` : plain;
    if (ids.has(id)) {
      throw new FettleError(`${location} holds two pictures with the path ${id}`, {
        code: 'data-invalid',
        where: file.entry.label,
        hint: 'Rename one: items are told apart by their paths.',
      });
    }
    ids.add(id);
    return { id, image: entryImage(file.entry), ...known };
  });
  return { items, notes };
}

/** The picture's class where a folder named after a split lies right above it. */
function placedBelowSplit(file: FoundFile): Placed | undefined {
  const folders = file.path.normalize('NFC').split('/').slice(0, -1);
  for (const [place, folder] of folders.entries()) {
    const split = splitName(folder);
    const below = folders[place + 1];
    if (split !== undefined && below !== undefined) return { file, class: below, split };
  }
  return undefined;
}

/** Classes are the outermost folders, once folders around all pictures of one archive (or of the folder) are passed over. */
function placedByClass(images: readonly FoundFile[]): Placed[] {
  const byArchive = new Map<string | undefined, FoundFile[]>();
  for (const file of images) {
    const group = byArchive.get(file.archive);
    if (group === undefined) byArchive.set(file.archive, [file]);
    else group.push(file);
  }
  const placed: Placed[] = [];
  for (const [archive, files] of byArchive) {
    const folders = files.map((file) => file.path.normalize('NFC').split('/').slice(0, -1));
    let depth = 0;
    // One folder around everything is no class while there is another folder below it for every picture.
    while (folders.every((path) => path.length > depth + 1 && path[depth] === folders[0]?.[depth])) depth++;
    const split = archive === undefined ? undefined : splitOfArchive(archive);
    for (const [place, file] of files.entries()) {
      const name = folders[place]?.[depth];
      if (name !== undefined) placed.push({ file, class: name, split });
    }
  }
  return placed;
}
