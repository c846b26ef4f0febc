import { hash } from 'node:crypto';
import { classTexts, type ClassTextsOptions, usageError } from '../../core/index.ts';
import type { HashedItem } from '../training-item.ts';
import type { PairRow } from './manifest.ts';

/** Which texts an item is paired with. */
export interface PairTexts extends ClassTextsOptions {
  /** `classes`: texts of the class. `captions`: the item's captions. `both`: the class's texts, then the captions. */
  readonly from: 'classes' | 'captions' | 'both';
  /** Texts that get a row although no item has them, for evaluation while training. */
  readonly extra?: readonly string[] | undefined;
}

/** Items and distinct texts by row, as they are written. */
export interface PairTable {
  readonly rows: readonly PairRow[];
  readonly texts: readonly string[];
  readonly classes: readonly string[] | null;
  /** Class → rows of its texts; null where texts are captions alone. */
  readonly classTexts: Readonly<Record<string, readonly number[]>> | null;
  readonly itemsJsonl: string;
  readonly textsJsonl: string;
}

/**
 * Joins items and texts. Texts are numbered in order of first use: class texts by class name, captions by item, extra
 * ones last. Classes are numbered by name (code units), so that the numbers do not depend on the order of the items.
 * Throws usage errors: no items; an item without the class or the captions that its texts shall come from.
 */
export function pairTable(items: readonly HashedItem[], texts: PairTexts): PairTable {
  if (items.length === 0) throw usageError('There are no items to prepare', { where: 'items' });
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
  const found = new Set<string>();
  for (const item of items) if (item.class !== undefined) found.add(item.class);
  const classes = [...found].sort();
  const classNumbers = new Map(classes.map((name, index) => [name, index]));
  const byClass = new Map<string, number[]>();
  if (texts.from !== 'captions') {
    for (const [name, list] of classTexts(classes, texts)) byClass.set(name, list.map(numberOf));
  }
  const rows = items.map((item): PairRow => {
    const own: number[] = [];
    if (texts.from !== 'captions') own.push(...(byClass.get(item.class ?? '') ?? lacks(item, 'class')));
    if (texts.from !== 'classes') {
      const captions = (item.captions ?? []).map((caption) => caption.trim()).filter((caption) => caption !== '');
      if (captions.length === 0) lacks(item, 'caption');
      own.push(...captions.map(numberOf));
    }
    const number = item.class === undefined ? null : (classNumbers.get(item.class) ?? null);
    return { id: item.id, texts: [...new Set(own)], class: number, sha256: item.sha256 };
  });
  for (const text of texts.extra ?? []) numberOf(text);
  const all = [...numbers.keys()];
  return {
    rows,
    texts: all,
    classes: classes.length === 0 ? null : classes,
    classTexts: texts.from === 'captions' ? null : Object.fromEntries(byClass),
    itemsJsonl: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    textsJsonl: all.map((text) => `${JSON.stringify({ text })}\n`).join(''),
  };
}

function lacks({ id }: HashedItem, what: 'class' | 'caption'): never {
  throw usageError(`${JSON.stringify(id)} has no ${what}`, {
    where: id,
    hint:
      what === 'class'
        ? 'Pair items with their captions, or give every item a class.'
        : 'Pair items with texts of their class, or leave out items without captions.',
  });
}

/** Lower-case hex sha256 of a file's text. */
export function textHash(text: string): string {
  return hash('sha256', text, 'hex');
}
