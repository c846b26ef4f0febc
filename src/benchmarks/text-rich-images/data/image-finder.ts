import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, resolve, sep } from 'node:path';
import { FettleError, type ImageReference } from '../../../core/index.ts';
import { type DataTree, fileImage, treeImage } from '../../../data/index.ts';

/** Finds the images that rows name. Nothing is opened before an image is loaded. */
export interface ImageFinder {
  /** @param sample its id, for the message where the image cannot be had */
  image(path: string, sample: string): ImageReference;
  /** What is wrong with a path or its image, whose bytes are read and header checked; undefined where nothing is. */
  fault(path: string): Promise<FettleError | undefined>;
}

/**
 * Places where a row's path may lie, best first. LEOPARD writes paths as its drivers see them from a folder beside the
 * data (`../mpdocvqa/images/x.png`): one leading `..` is taken as the data's folder, and its next folder may be that folder.
 */
function candidates(path: string): string[] {
  const plain = path.replaceAll('\\', '/');
  const parts = plain.split('/').filter((part) => part !== '' && part !== '.');
  const beside = parts[0] === '..' ? parts.slice(1) : parts;
  // An absolute path or a second way up leads out of the data, whatever may lie there.
  if (isAbsolute(plain) || /^[a-z]:/i.test(plain) || plain.includes('\0') || beside.includes('..')) return [];
  const found = [beside.join('/')];
  if (parts[0] === '..' && beside.length > 1) found.push(beside.slice(1).join('/'));
  return beside.length === 0 ? [] : found;
}

function outside(path: string, sample?: string): FettleError {
  return new FettleError(`The image ${JSON.stringify(path)} lies outside of the data`, {
    code: 'image-outside',
    where: sample === undefined ? path : `sample ${sample}`,
    hint: 'Paths of images are relative to the file of questions, and stay within its folder.',
  });
}

function missing(path: string, root: string, sample?: string): FettleError {
  return new FettleError(`There is no image ${JSON.stringify(path)}`, {
    code: 'data-missing',
    where: sample === undefined ? path : `sample ${sample}`,
    hint: `Looked for ${candidates(path).join(' and ')} in ${root}. --option images=FOLDER names another folder.`,
  });
}

/** Loads what `find` says, each time anew: the reference that it gives keeps the blob while someone holds it. */
function lazily(label: string, find: () => Promise<ImageReference>): ImageReference {
  let found: Promise<ImageReference> | undefined;
  return {
    label,
    async load() {
      found ??= find();
      try {
        return await (await found).load();
      } catch (error) {
        // A file that is put right while a run goes on is looked for again.
        found = undefined;
        throw error;
      }
    },
  };
}

/** Images in a folder and its folders; links that lead out of it are refused. */
export function folderImages(root: string): ImageFinder {
  const locate = async (path: string, sample?: string): Promise<string> => {
    const places = candidates(path);
    if (places.length === 0) throw outside(path, sample);
    for (const place of places) {
      const full = resolve(root, place);
      if (!(await stat(full).catch(() => undefined))?.isFile()) continue;
      const real = await realpath(full);
      if (!real.startsWith(`${await realpath(root)}${sep}`)) throw outside(path, sample);
      return place;
    }
    throw missing(path, root, sample);
  };
  return {
    image: (path, sample) => lazily(path, async () => fileImage(await locate(path, sample), { within: root })),
    fault: (path) => faultOf(async () => fileImage(await locate(path), { within: root })),
  };
}

/** Images among the entries of an archive. */
export function treeImages(tree: DataTree): ImageFinder {
  const locate = async (path: string, sample?: string): Promise<string> => {
    const places = candidates(path);
    if (places.length === 0) throw outside(path, sample);
    for (const place of places) if ((await tree.get(place)) !== undefined) return place;
    throw missing(path, tree.location, sample);
  };
  return {
    image: (path, sample) => lazily(path, async () => treeImage(tree, await locate(path, sample))),
    fault: (path) => faultOf(async () => treeImage(tree, await locate(path))),
  };
}

async function faultOf(find: () => Promise<ImageReference>): Promise<FettleError | undefined> {
  try {
    await (await find()).load();
    return undefined;
  } catch (error) {
    if (FettleError.isInstance(error)) return error;
    throw error;
  }
}
