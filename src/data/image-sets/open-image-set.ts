import { basename, resolve } from 'node:path';
import { FettleError, usageError } from '../../core/index.ts';
import { nearestNames } from '../tree/nearest-names.ts';
import { captionForm, readCaptionRows, type CaptionForm } from './caption-rows.ts';
import { captionedItems, PictureIndex } from './captioned-items.ts';
import { readClassFolders } from './class-folders.ts';
import { collectFiles, type FoundFile } from './collect-files.ts';
import type { ImageItem, ImageSet, ImageSetForm, OpenImageSetOptions } from './image-set.ts';
import { hashImageItems } from './hash-image-items.ts';
import { readLabels } from './labels-file.ts';
import { readSplitLists, type SplitLists } from './split-lists.ts';

const isPicture = (path: string): boolean => /\.(?:png|jpe?g|webp|gif|bmp|tiff?|avif)$/i.test(path);

/**
 * Opens a set of pictures: a folder, a tar or zip file, a folder of such archives, or the file of captions beside the pictures.
 * Forms: folders named after classes (with `train`, `validation`, `test` above them, or not) and `labels.json` with
 * superclasses; `name.jpg#k<TAB>caption`; `image_name| comment_number| comment`; rows (JSON Lines, JSON, CSV, Parquet) with
 * `image` and `caption`, `captions` or `class`, and `split` and `id` where given; JSON documents with `images` and `sentences`;
 * JSON lists of names by split. No picture is read before it is used.
 *
 * Throws a FettleError `data-missing` where no pictures are found, `data-invalid` for rows and lists that cannot be meant.
 */
export async function openImageSet(location: string, options: OpenImageSetOptions = {}): Promise<ImageSet> {
  const found = await collectFiles(location);
  try {
    const pictures = found.files.filter(({ path }) => isPicture(path));
    const others = found.files.filter(({ path }) => !isPicture(path));
    const notes = [...found.notes];
    const read = await readItems({ pictures, others, location, notes, named: found.named, options });
    let { items } = read;
    const labels = await findLabels(others, options, location);
    const superclasses = labels?.superclasses;
    if (superclasses !== undefined) {
      items = items.map((item) => {
        const superclass = item.class === undefined ? undefined : superclasses.get(item.class);
        return superclass === undefined ? item : { ...item, superclass };
      });
    }
    if (options.only !== undefined) {
      const { only } = options;
      items = items.filter(({ split }) => split !== undefined && only.includes(split));
      if (items.length === 0) {
        throw new FettleError(`${location} holds no pictures of the split ${only.join(' or ')}`, {
          code: 'data-missing',
          where: location,
          hint: 'Name the folders train, validation and test, or give split lists as JSON.',
        });
      }
    }
    const classes = classOrder(items, labels?.order);
    let hashing: Promise<string> | undefined;
    return {
      name: options.name ?? basename(resolve(location)),
      location,
      form: read.form,
      items,
      classes,
      superclasses: classes === undefined ? undefined : superclasses,
      notes,
      hash: () => (hashing ??= hashImageItems(items)),
      close: found.close,
      [Symbol.asyncDispose]: found.close,
    };
  } catch (error) {
    await found.close();
    throw error;
  }
}

interface ReadContext {
  readonly pictures: readonly FoundFile[];
  readonly others: readonly FoundFile[];
  readonly location: string;
  readonly notes: string[];
  readonly named: string | undefined;
  readonly options: OpenImageSetOptions;
}

async function readItems(context: ReadContext): Promise<{ form: ImageSetForm; items: readonly ImageItem[] }> {
  const { pictures, location, notes, options } = context;
  if (options.form !== 'classes') {
    const captions = await readCaptions(context);
    if (captions !== undefined) {
      const rest = pictures.filter(({ path }) => /(?:^|\/)(?:train|test)\/[^/]+\/[^/]+$/i.test(path));
      if (
        options.form === undefined &&
        options.captions === undefined &&
        context.named === undefined &&
        rest.length > 0 &&
        rest.length > captions.length
      ) {
        throw usageError(`${location} holds pictures in class folders and pictures with captions`, {
          where: location,
          hint: 'Say which are meant: the form `classes` or `captions`.',
        });
      }
      return { form: 'captions', items: captions };
    }
    if (options.form === 'captions') {
      throw new FettleError(`${location} holds no captions of pictures that are there`, {
        code: 'data-missing',
        where: location,
        hint: 'Put a file of captions (name.jpg#0<TAB>caption, or JSON Lines with image and captions) beside the pictures.',
      });
    }
  }
  const read = readClassFolders(pictures, location);
  notes.push(...read.notes);
  return { form: 'classes', items: read.items };
}

/** The items of the one file of captions whose pictures are there. Undefined where there is no such file. */
async function readCaptions(context: ReadContext): Promise<readonly ImageItem[] | undefined> {
  const { pictures, others, location, notes, named, options } = context;
  const wanted = options.captions ?? named;
  const candidates: { file: FoundFile; form: CaptionForm }[] = [];
  for (const file of wanted === undefined ? others.slice(0, 200) : [needFile(others, wanted, location)]) {
    const form = await captionForm(file);
    if (form !== undefined) candidates.push({ file, form });
  }
  const index = new PictureIndex(pictures);
  const splits = await findSplits(others, options, location);
  const usable: { file: FoundFile; items: readonly ImageItem[]; notes: string[] }[] = [];
  for (const { file, form } of candidates) {
    const { items, missing, firstMissing } = captionedItems(await readCaptionRows(file, form), {
      index,
      splits,
      label: file.entry.label,
    });
    if (items.length === 0) {
      notes.push(`${file.path}: none of the pictures that it names is there, left out`);
      continue;
    }
    usable.push({
      file,
      items,
      notes:
        missing === 0
          ? []
          : [`${file.path}: ${missing} rows name pictures that are not there (${firstMissing}), left out`],
    });
  }
  const [first, second] = usable;
  if (first === undefined) return undefined;
  if (second !== undefined) {
    throw usageError(
      `${location} holds more than one file of captions: ${usable.map(({ file }) => file.path).join(', ')}`,
      {
        where: location,
        hint: 'Name the one that is meant.',
      },
    );
  }
  notes.push(...first.notes);
  const without = first.items.filter(({ split }) => split === undefined).length;
  if (splits !== undefined && without > 0) notes.push(`${without} pictures are in no split`);
  return first.items;
}

async function findSplits(
  others: readonly FoundFile[],
  options: OpenImageSetOptions,
  location: string,
): Promise<SplitLists | undefined> {
  if (options.splits !== undefined) {
    const lists = await readSplitLists(needFile(others, options.splits, location));
    if (lists !== undefined) return lists;
    throw new FettleError(`${options.splits} holds no split lists`, {
      code: 'data-invalid',
      where: options.splits,
      hint: 'Write { "train": ["a.jpg", …], "validation": […], "test": […] }.',
    });
  }
  for (const file of others) {
    if (!/split[^/]*\.json$/i.test(file.path)) continue;
    const lists = await readSplitLists(file);
    if (lists !== undefined) return lists;
  }
  return undefined;
}

async function findLabels(others: readonly FoundFile[], options: OpenImageSetOptions, location: string) {
  if (options.labels !== undefined) return readLabels(needFile(others, options.labels, location));
  const file = others.find(({ path }) => /(?:^|\/)labels\.json$/i.test(path));
  return file === undefined ? undefined : readLabels(file);
}

function needFile(files: readonly FoundFile[], path: string, location: string): FoundFile {
  const file = files.find((known) => known.path === path) ?? files.find((known) => known.path.endsWith(`/${path}`));
  if (file !== undefined) return file;
  const near = nearestNames(
    path,
    files.map((known) => known.path),
  );
  throw usageError(`${location} holds no ${path}`, {
    where: location,
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Give the path within the data.',
  });
}

function classOrder(items: readonly ImageItem[], order: readonly string[] | undefined): string[] | undefined {
  const present = new Set(items.flatMap((item) => item.class ?? []));
  if (present.size === 0) return undefined;
  const listed = (order ?? []).filter((name) => present.has(name));
  const known = new Set(listed);
  return [...known, ...[...present].filter((name) => !known.has(name)).toSorted((a, b) => (a < b ? -1 : 1))];
}
