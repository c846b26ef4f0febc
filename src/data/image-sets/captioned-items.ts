import { FettleError, type ImageReference, type JsonValue } from '../../core/index.ts';
import { cellImage, entryImage } from '../images/images.ts';
import type { CaptionRow } from './caption-rows.ts';
import type { FoundFile } from './collect-files.ts';
import type { ImageItem, SplitName } from './image-set.ts';
import { stemOf, type SplitLists } from './split-lists.ts';

interface Gathering {
  readonly id: string;
  readonly image: ImageReference;
  readonly captions: string[];
  class: string | undefined;
  split: SplitName | undefined;
}

/** Finds pictures by what rows call them: the path, or else the name alone where only one file has it. */
export class PictureIndex {
  readonly #byPath = new Map<string, FoundFile>();
  readonly #byStem = new Map<string, FoundFile | null>();

  constructor(images: readonly FoundFile[]) {
    for (const file of images) {
      this.#byPath.set(file.path.normalize('NFC'), file);
      const stem = stemOf(file.path);
      this.#byStem.set(stem, this.#byStem.has(stem) ? null : file);
    }
  }

  find(name: string): FoundFile | undefined {
    const plain = name
      .replaceAll('\\', '/')
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/')
      .normalize('NFC');
    return this.#byPath.get(plain) ?? this.#byStem.get(stemOf(plain)) ?? undefined;
  }
}

/** Rows by picture, in the order of first mention. Rows whose picture is not there are counted and left out. */
export function captionedItems(
  rows: readonly CaptionRow[],
  { index, splits, label }: { index: PictureIndex; splits: SplitLists | undefined; label: string },
): { items: ImageItem[]; missing: number; firstMissing: string | undefined } {
  const gathered = new Map<string, Gathering>();
  let missing = 0;
  let firstMissing: string | undefined;
  for (const row of rows) {
    const found = resolveImage(row.image, index, `${label}:${row.line} image`);
    if (found === undefined) {
      missing++;
      firstMissing ??= String(row.image).slice(0, 200);
      continue;
    }
    const id = row.id ?? found.name ?? `${row.line}`;
    const known = gathered.get(id);
    const split = row.split ?? (found.name === undefined ? undefined : splits?.of(found.name)) ?? splits?.of(id);
    if (known === undefined) {
      gathered.set(id, { id, image: found.image, captions: [...row.captions], class: row.class, split });
      continue;
    }
    if (
      (row.class ?? known.class) !== (known.class ?? row.class) ||
      (row.split ?? known.split) !== (known.split ?? row.split)
    ) {
      throw new FettleError(`${label}:${row.line} gives ${id} another class or split than a row before`, {
        code: 'data-invalid',
        where: `${label}:${row.line}`,
        hint: 'Give every picture one class and one split.',
      });
    }
    known.captions.push(...row.captions);
    known.class ??= row.class;
    known.split ??= row.split;
  }
  const items = [...gathered.values()].map(({ captions, ...item }): ImageItem => ({
    ...item,
    ...(captions.length > 0 ? { captions } : {}),
  }));
  return { items, missing, firstMissing };
}

function resolveImage(
  cell: JsonValue,
  index: PictureIndex,
  label: string,
): { readonly image: ImageReference; readonly name?: string } | undefined {
  if (typeof cell === 'string' && !cell.startsWith('data:') && !/^[a-z][a-z0-9+.-]+:\/\//i.test(cell)) {
    const file = index.find(cell);
    return file === undefined ? undefined : { image: entryImage(file.entry), name: file.path.normalize('NFC') };
  }
  const image = cellImage(cell, { label });
  return image === undefined ? undefined : { image };
}
