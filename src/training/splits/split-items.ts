import { usageError } from '../../core/index.ts';
import type { HashedItem } from '../training-item.ts';
import { drawStratified } from './draw-stratified.ts';
import type { Split } from './split.ts';

export interface SplitItemsOptions {
  readonly seed: number;
  /** Share of the training items that validation takes where the data gives none. Default 0.1. */
  readonly validation?: number | undefined;
  /** Share of the items that the test takes where the data gives none. Default 0.2. */
  readonly test?: number | undefined;
  /**
   * The stratum of each item, in their order; parts are drawn in proportion from each. Default: the class.
   * `strataOf` makes strata from forget rules, for data without classes.
   */
  readonly strata?: readonly string[] | undefined;
  /** One picture under ids of different parts: `refuse` throws, `drop` keeps it in the test, else in validation. */
  readonly duplicates?: 'refuse' | 'drop' | undefined;
}

type Part = 'train' | 'validation' | 'test';

const partNames: Readonly<Record<string, Part>> = {
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  dev: 'validation',
  development: 'validation',
  test: 'test',
};

/** Keeps of copies in several parts the one that matters most to an honest figure. */
const precedence: readonly Part[] = ['test', 'validation', 'train'];

/** Rows of one picture, which stay together. */
interface Unit {
  readonly rows: readonly number[];
  readonly part: Part;
  readonly stratum: string;
  readonly name: string;
}

/**
 * Splits images into train, validation and test. Parts that the data gives are kept; a missing test is drawn from the
 * training items, then a missing validation part from what is left, both stratified. Equal pictures stay in one part.
 * The split depends on the seed and the ids, not on the order of the items nor (with default strata) on a forget rule.
 * Throws usage errors: unknown part, nothing to train on, one picture in two parts (unless dropped), an empty part.
 */
export function splitItems(items: readonly HashedItem[], options: SplitItemsOptions): Split {
  const { seed, validation = 0.1, test = 0.2, strata, duplicates = 'refuse' } = options;
  for (const [name, share] of Object.entries({ validation, test })) {
    if (!(share > 0 && share < 1))
      throw usageError(`The share of ${name} is ${share}`, { hint: 'Take 0 < share < 1.' });
  }
  if (strata !== undefined && strata.length !== items.length) {
    throw usageError(`There are ${strata.length} strata for ${items.length} items`, { where: 'strata' });
  }
  const parts = items.map(partOf);
  const given = new Set(parts.filter((part) => part !== undefined));
  const unassigned = given.size === 0 ? [] : [...parts.keys()].filter((row) => parts[row] === undefined);
  if (given.size > 0 && !given.has('train')) {
    throw usageError(`The data has no training part, only ${[...given].join(' and ')}`, {
      where: 'split',
      hint: 'Add the training items, or leave the parts out, so that they are drawn.',
    });
  }
  const stratumOf = (row: number): string => strata?.[row] ?? items[row]?.class ?? '';
  const assigned = [...items.keys()].filter((row) => given.size === 0 || parts[row] !== undefined);
  const { units, dropped } = unitsOf(items, assigned, parts, stratumOf);
  const [first] = dropped;
  if (first !== undefined && duplicates === 'refuse') {
    throw usageError(
      `${dropped.length} ${dropped.length === 1 ? 'picture is' : 'pictures are'} in two parts of the data`,
      {
        code: 'sets-overlap',
        where: `${items[first.row]?.id} (${parts[first.row]}) = ${items[first.of]?.id} (${parts[first.of]})`,
        hint: 'Have such copies dropped, or take them out of the data: a model must not be tested on what it has seen.',
      },
    );
  }

  const drawn: Part[] = [];
  const chosen: Record<Part, Unit[]> = { train: [], validation: [], test: [] };
  for (const unit of units) chosen[unit.part].push(unit);
  for (const [part, share] of [
    ['test', test],
    ['validation', validation],
  ] as const) {
    if (given.has(part)) continue;
    const result = drawStratified(chosen.train, {
      share,
      seed: `split:${seed}:${part}`,
      stratumOf: (unit) => unit.stratum,
      nameOf: (unit) => unit.name,
    });
    chosen[part] = result.drawn;
    chosen.train = result.left;
    drawn.push(part);
  }
  if (given.size === 0) drawn.unshift('train');
  for (const part of precedence) {
    if (chosen[part].length > 0) continue;
    throw usageError(`The ${part} part is empty: the data has ${items.length} items`, {
      where: 'split',
      hint: 'Add items, or take larger shares for the parts.',
    });
  }
  const rowsOf = (part: Part): number[] => chosen[part].flatMap(({ rows }) => rows).sort((a, b) => a - b);
  const notes: string[] = [];
  if (unassigned.length > 0) notes.push(`${unassigned.length} items belong to no part of the data and are left out.`);
  if (dropped.length > 0) {
    notes.push(
      `${dropped.length} pictures were in two parts of the data; the copies outside of the test are left out.`,
    );
  }
  return {
    mode: 'strict',
    train: rowsOf('train'),
    validation: rowsOf('validation'),
    test: rowsOf('test'),
    dropped,
    unassigned,
    drawn,
    leakedImages: 0,
    notes,
  };
}

function partOf({ split, id }: HashedItem): Part | undefined {
  if (split === undefined || split === '') return undefined;
  const name = split.toLowerCase();
  const part = Object.hasOwn(partNames, name) ? partNames[name] : undefined;
  if (part === undefined) {
    throw usageError(`${JSON.stringify(split)} is no part of a data set`, {
      where: id,
      hint: `Parts are ${Object.keys(partNames).join(', ')}.`,
    });
  }
  return part;
}

function unitsOf(
  items: readonly HashedItem[],
  rows: readonly number[],
  parts: readonly (Part | undefined)[],
  stratumOf: (row: number) => string,
): { units: Unit[]; dropped: { row: number; of: number }[] } {
  const pictures = new Map<string, number[]>();
  for (const row of rows) {
    const { sha256 } = items[row] as HashedItem;
    const same = pictures.get(sha256);
    if (same === undefined) pictures.set(sha256, [row]);
    else same.push(row);
  }
  const dropped: { row: number; of: number }[] = [];
  const units: Unit[] = [];
  for (const same of pictures.values()) {
    const part = precedence.find((name) => same.some((row) => (parts[row] ?? 'train') === name)) ?? 'train';
    const kept = same.filter((row) => (parts[row] ?? 'train') === part);
    const of = kept[0] as number;
    for (const row of same) if (!kept.includes(row)) dropped.push({ row, of });
    // The smallest id stands for the unit, so that the order of the items does not matter.
    const lead = kept.reduce((least, row) => ((items[row]?.id ?? '') < (items[least]?.id ?? '') ? row : least), of);
    units.push({ rows: kept, part, stratum: stratumOf(lead), name: items[lead]?.id ?? '' });
  }
  return { units, dropped };
}
