import { usageError } from '../../core/index.ts';
import { nearestNames } from '../tree/nearest-names.ts';
import { describeForgetPart, describeForgetRule, type ForgetPart, type ForgetRule } from './forget-rule.ts';
import { captionTest, partTest, type RuleItem } from './forget-test.ts';
import { resolveNames } from './resolve-names.ts';

export interface ApplyForgetRuleOptions {
  /**
   * A picture that the rule puts into the forget set and that is in the retain set under another id:
   * `refuse` throws, `drop` leaves out its copies in the retain set. Told by `sha256`, where items have it.
   */
  readonly duplicates?: 'refuse' | 'drop' | undefined;
}

export interface ForgetCount {
  readonly images: number;
  /** Image-text pairs: captions, or one where an image has none. */
  readonly pairs: number;
}

/** Which items a rule marks, as positions in the list that it was applied to. */
export interface ForgetSelection {
  readonly rule: ForgetRule;
  readonly forget: readonly number[];
  readonly retain: readonly number[];
  /** In neither set: copies of forgotten pictures under another id. */
  readonly dropped: readonly number[];
  readonly counts: { readonly forget: ForgetCount; readonly retain: ForgetCount; readonly dropped: ForgetCount };
  /** What each part of the rule marks; parts may overlap. */
  readonly parts: readonly (ForgetCount & {
    readonly part: string;
    /** Captions with one of the words; the others of a marked image are forgotten all the same. */
    readonly matchedCaptions?: number;
  })[];
}

/**
 * Applies a forget rule to items and checks what comes out.
 * Throws usage errors: a class, superclass or id that the data has not; words for data without captions;
 * an empty forget set; an empty retain set; a picture in both sets, unless it shall be dropped.
 */
export function applyForgetRule(
  rule: ForgetRule,
  items: readonly RuleItem[],
  { duplicates = 'refuse' }: ApplyForgetRuleOptions = {},
): ForgetSelection {
  const marked = new Uint8Array(items.length);
  const parts = rule.any.map((part) => {
    const { test, matchedCaptions } = checkedTest(part, items);
    let images = 0;
    let pairs = 0;
    for (const [row, item] of items.entries()) {
      if (!test(item)) continue;
      marked[row] = 1;
      images++;
      pairs += pairsOf(item);
    }
    const counted = matchedCaptions === undefined ? {} : { matchedCaptions: matchedCaptions() };
    return { part: describeForgetPart(part), images, pairs, ...counted };
  });
  const rows = (flag: number): number[] => [...items.keys()].filter((row) => marked[row] === flag);
  const forget = rows(1);
  const text = describeForgetRule(rule);
  if (forget.length === 0) {
    throw usageError(`The forget rule marks none of the ${items.length} images`, {
      where: `forget rule ${text}`,
      hint: rule.any.some((part) => 'words' in part && !part.plural)
        ? 'Words are found whole: dog does not find dogs, unless plural=yes is added. Name other words or classes.'
        : 'Name classes, words or ids that the data has.',
    });
  }
  const copies = copiesOfForgotten(items, forget, rows(0));
  if (copies.length > 0 && duplicates === 'refuse') {
    const [{ row, of }] = copies as [{ row: number; of: number }];
    throw usageError(
      `${copies.length} ${copies.length === 1 ? 'picture is' : 'pictures are'} in the forget set and, under another id, in the retain set`,
      {
        code: 'sets-overlap',
        where: `${items[of]?.id} (forget) = ${items[row]?.id} (retain)`,
        hint: 'Name the other id in the rule too, or have such copies dropped.',
      },
    );
  }
  const dropped = copies.map(({ row }) => row);
  const left = new Set(dropped);
  const retain = rows(0).filter((row) => !left.has(row));
  if (retain.length === 0) {
    throw usageError(`The forget rule marks all ${items.length} images: nothing is left to retain`, {
      where: `forget rule ${text}`,
      hint: 'Name fewer classes or words; to forget everything, delete the model.',
    });
  }
  const count = (chosen: readonly number[]): ForgetCount => ({
    images: chosen.length,
    pairs: chosen.reduce((sum, row) => sum + pairsOf(items[row] as RuleItem), 0),
  });
  const counts = { forget: count(forget), retain: count(retain), dropped: count(dropped) };
  return { rule, forget, retain, dropped, counts, parts };
}

const pairsOf = ({ captions }: RuleItem): number => Math.max(1, captions?.length ?? 0);

interface CountedTest {
  readonly test: (item: RuleItem) => boolean;
  readonly matchedCaptions?: () => number;
}

/** A part's test for these items, once it is known that they have what the part names. */
function checkedTest(part: ForgetPart, items: readonly RuleItem[]): CountedTest {
  if ('classes' in part)
    return { test: partTest({ classes: resolveNames(part.classes, valuesOf(items, 'class'), 'class') }) };
  if ('superclasses' in part) {
    const superclasses = resolveNames(part.superclasses, valuesOf(items, 'superclass'), 'superclass');
    return { test: partTest({ superclasses }) };
  }
  if ('ids' in part) {
    checkIds(new Set(part.ids), items);
    return { test: partTest(part) };
  }
  if (!items.some(({ captions }) => captions !== undefined && captions.length > 0)) {
    throw usageError('The rule names words, but the data has no captions', {
      where: describeForgetPart(part),
      hint: 'Use classes=… or ids=….',
    });
  }
  let matchedCaptions = 0;
  const test = captionTest(part, (found) => (matchedCaptions += found));
  return { test, matchedCaptions: () => matchedCaptions };
}

function valuesOf(items: readonly RuleItem[], field: 'class' | 'superclass'): string[] {
  const values = new Set<string>();
  for (const item of items) {
    const value = item[field];
    if (value !== undefined) values.add(value);
  }
  return [...values].sort();
}

function checkIds(ids: ReadonlySet<string>, items: readonly RuleItem[]): void {
  const known = new Set(items.map(({ id }) => id));
  const unknown = [...ids].filter((id) => !known.has(id));
  const [first] = unknown;
  if (first === undefined) return;
  const near = nearestNames(first, [...known]);
  const seen =
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Ids look like ${JSON.stringify(items[0]?.id ?? '')}.`;
  const file = ids.size === 1 ? ' To read ids from a file, write ids=@FILE.' : '';
  throw usageError(`The data lacks ${unknown.length} of the ${ids.size} ids of the rule`, {
    where: unknown.slice(0, 5).join(', ') + (unknown.length > 5 ? ', …' : ''),
    hint: seen + file,
  });
}

/** Retained rows whose picture is also forgotten, each with a forgotten row of the same picture. */
function copiesOfForgotten(
  items: readonly RuleItem[],
  forget: readonly number[],
  retain: readonly number[],
): { row: number; of: number }[] {
  const forgotten = new Map<string, number>();
  for (const row of forget) {
    const sha256 = items[row]?.sha256;
    if (sha256 !== undefined) forgotten.set(sha256, row);
  }
  return retain.flatMap((row) => {
    const sha256 = items[row]?.sha256;
    const of = sha256 === undefined ? undefined : forgotten.get(sha256);
    return of === undefined ? [] : [{ row, of }];
  });
}
