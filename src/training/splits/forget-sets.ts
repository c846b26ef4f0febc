import { createRandom, usageError } from '../../core/index.ts';
import { describeForgetRule, type ForgetSelection } from '../../data/index.ts';
import type { TrainingItem } from '../training-item.ts';
import type { Split } from './split.ts';

const parts = ['train', 'validation', 'test'] as const;

/**
 * Content of `sets.json`: ascending rows by set name. `train`, `validation`, `test`; with a forget rule each of them
 * with `forget-` and `retain-` before it, and for membership inference `forget-members` (of forget-train) with
 * `forget-nonmembers` (of forget-test), equally many of each class, and the same of the retain set.
 */
export type Sets = Readonly<Record<string, readonly number[]>>;

export interface ForgetSetsOptions {
  /** Seed of the draw of members. Default 0. */
  readonly seed?: number | undefined;
  /** Most members, and most non-members, of each set. Default 1000. */
  readonly maxMembers?: number | undefined;
}

/** The parts of a split without a forget rule, as content of `sets.json`. */
export function plainSets(split: Split): Sets {
  return { train: split.train, validation: split.validation, test: split.test };
}

/**
 * Crosses a split with what a rule marks. Items that the rule dropped are in no set that is crossed.
 * Throws a usage error where a set is empty: a figure of it would mean nothing.
 */
export function forgetSets(
  split: Split,
  selection: ForgetSelection,
  items: readonly TrainingItem[],
  { seed = 0, maxMembers = 1000 }: ForgetSetsOptions = {},
): Sets {
  const sets: Record<string, readonly number[]> = { ...plainSets(split) };
  for (const side of ['forget', 'retain'] as const) {
    const marked = new Set(selection[side]);
    for (const part of parts) {
      const rows = split[part].filter((row) => marked.has(row));
      if (rows.length === 0) throw emptySet(`${side}-${part}`, selection);
      sets[`${side}-${part}`] = rows;
    }
    const inside = sets[`${side}-train`] ?? [];
    const outside = sets[`${side}-test`] ?? [];
    const draw = matchedDraw(inside, outside, items, `members:${seed}:${side}`, maxMembers);
    sets[`${side}-members`] = draw.members;
    sets[`${side}-nonmembers`] = draw.nonmembers;
  }
  return sets;
}

/**
 * A stratum for each item from its class and from which of the rules mark it: with it, each forget set is spread over
 * the parts in proportion although one split serves all rules.
 */
export function strataOf(items: readonly TrainingItem[], selections: readonly ForgetSelection[]): string[] {
  const marked = selections.map(({ forget }) => new Set(forget));
  return items.map((item, row) => `${item.class ?? ''}|${marked.map((rows) => (rows.has(row) ? 1 : 0)).join('')}`);
}

function emptySet(name: string, { rule, counts }: ForgetSelection): Error {
  const [side = ''] = name.split('-');
  const { images } = side === 'forget' ? counts.forget : counts.retain;
  return usageError(`The set ${name} is empty: the ${side} set has ${images} ${images === 1 ? 'image' : 'images'}`, {
    where: `forget rule ${describeForgetRule(rule)}`,
    hint: 'Name more to forget (or less), or take larger shares for validation and test.',
  });
}

/** Equally many rows of both lists from each class, at most `most` of each list. */
function matchedDraw(
  inside: readonly number[],
  outside: readonly number[],
  items: readonly TrainingItem[],
  seed: string,
  most: number,
): { members: number[]; nonmembers: number[] } {
  const byClass = (rows: readonly number[]): Map<string, readonly number[]> =>
    Map.groupBy(rows, (row) => items[row]?.class ?? '');
  const others = byClass(outside);
  const pairs: [number, number][] = [];
  for (const [name, rows] of [...byClass(inside)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const random = createRandom(`${seed}:${name}`);
    const drawn = random.shuffle(rows);
    for (const [index, other] of random.shuffle(others.get(name) ?? []).entries()) {
      const member = drawn[index];
      if (member !== undefined) pairs.push([member, other]);
    }
  }
  const kept = createRandom(`${seed}:cut`).shuffle(pairs).slice(0, most);
  const ascending = (rows: number[]): number[] => rows.sort((a, b) => a - b);
  return { members: ascending(kept.map(([row]) => row)), nonmembers: ascending(kept.map(([, row]) => row)) };
}
