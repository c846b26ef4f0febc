import { FettleError } from '../../core/index.ts';
import { readJson } from '../rows/read-json.ts';
import type { FoundFile } from './collect-files.ts';
import type { SplitName } from './image-set.ts';
import { splitName } from './split-name.ts';

/** Split by the name of a picture, with or without its extension. */
export interface SplitLists {
  of(name: string): SplitName | undefined;
  readonly size: number;
}

/** A picture's name without folders and extension, in one Unicode form: how lists and files find each other. */
export function stemOf(name: string): string {
  const base = name.slice(name.lastIndexOf('/') + 1).normalize('NFC');
  return base.replace(/\.(?:jpe?g|png|webp|gif|bmp|tiff?|avif)$/i, '');
}

/**
 * `{ train: ['a.jpg', …], dev: […], test: […] }`; other fields are passed over.
 * Undefined where the file holds no such lists. A FettleError `data-invalid` where a picture is in two splits.
 */
export async function readSplitLists(file: FoundFile): Promise<SplitLists | undefined> {
  const value = await readJson(file.entry);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const splits = new Map<string, SplitName>();
  for (const [key, list] of Object.entries(value)) {
    const split = splitName(key);
    if (split === undefined || !Array.isArray(list)) continue;
    for (const name of list) {
      if (typeof name !== 'string') return undefined;
      const stem = stemOf(name);
      const other = splits.get(stem);
      if (other !== undefined && other !== split) {
        throw new FettleError(`${file.entry.label} puts ${name} into ${other} and into ${split}`, {
          code: 'data-invalid',
          where: file.entry.label,
          hint: 'Keep it in one of them: a picture in two splits leaks from one to the other.',
        });
      }
      splits.set(stem, split);
    }
  }
  return splits.size === 0 ? undefined : { of: (name) => splits.get(stemOf(name)), size: splits.size };
}
