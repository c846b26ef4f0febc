import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesImage } from '../../data/index.ts';
import { applyForgetRule, parseForgetRule } from '../../data/index.ts';
import type { HashedItem } from '../training-item.ts';
import { apportion } from './draw-stratified.ts';
import { forgetSets, plainSets, strataOf } from './forget-sets.ts';
import { expandCaptions, referenceSplit } from './reference-split.ts';
import { splitItems } from './split-items.ts';
import type { Split } from './split.ts';

const item = (id: string, facts: Partial<HashedItem> = {}): HashedItem => ({
  id,
  image: bytesImage(new Uint8Array(), id),
  sha256: `hash of ${id}`,
  ...facts,
});

/** Some classes of 12 to 40 items, a few pictures twice, no parts given. */
const sets = fc
  .tuple(
    fc.array(fc.integer({ min: 12, max: 40 }), { minLength: 2, maxLength: 6 }),
    fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 }),
  )
  .map(([sizes, copies]) => {
    const items = sizes.flatMap((size, index) =>
      Array.from({ length: size }, (_, number) => item(`${index}/${number}`, { class: `c${index}` })),
    );
    for (const [from, to] of copies) {
      const { sha256 } = items[from % items.length] as HashedItem;
      const copy = items[to % items.length] as HashedItem;
      items[to % items.length] = { ...copy, sha256 };
    }
    return items;
  });

const seeds = fc.nat({ max: 1000 });

function idsOf(items: readonly HashedItem[], rows: readonly number[]): string[] {
  return rows.map((row) => items[row]?.id ?? '').sort();
}

describe('apportion', () => {
  test('gives the total exactly, each share rounded up or down', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 500 }), { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (sizes, share) => {
          const all = sizes.reduce((sum, size) => sum + size, 0);
          const total = Math.round(share * all);
          const shares = apportion(sizes, total, 'x');
          expect(shares.reduce((sum, value) => sum + value, 0)).toBe(total);
          for (const [index, value] of shares.entries()) {
            const exact = ((sizes[index] as number) * total) / Math.max(1, all);
            expect(value).toBeGreaterThanOrEqual(Math.floor(exact + 1e-9) - 1e-9);
            expect(value).toBeLessThanOrEqual(Math.ceil(exact - 1e-9) + 1e-9);
          }
        },
      ),
    );
  });
});

describe('splitItems', () => {
  test('covers all items once, with no picture in two parts', () => {
    fc.assert(
      fc.property(sets, seeds, (items, seed) => {
        const split = splitItems(items, { seed });
        const rows = [...split.train, ...split.validation, ...split.test];
        expect(rows.sort((a, b) => a - b)).toEqual([...items.keys()]);
        const hashes = (part: readonly number[]): Set<string> => new Set(part.map((row) => items[row]?.sha256 ?? ''));
        const [train, validation, tested] = [hashes(split.train), hashes(split.validation), hashes(split.test)];
        expect([
          train.isDisjointFrom(validation),
          train.isDisjointFrom(tested),
          validation.isDisjointFrom(tested),
        ]).toEqual([true, true, true]);
      }),
    );
  });

  test('is stratified: each class is in the test in proportion, up to rounding', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 10, max: 60 }), { minLength: 1, maxLength: 8 }), seeds, (sizes, seed) => {
        const items = sizes.flatMap((size, index) =>
          Array.from({ length: size }, (_, n) => item(`${index}/${n}`, { class: `c${index}` })),
        );
        const split = splitItems(items, { seed, test: 0.25 });
        const total = Math.round(0.25 * items.length);
        expect(split.test).toHaveLength(total);
        for (const [index, size] of sizes.entries()) {
          const count = split.test.filter((row) => items[row]?.class === `c${index}`).length;
          expect(Math.abs(count - (size * total) / items.length)).toBeLessThan(1);
        }
      }),
    );
  });

  test('depends on the seed and not on the order of the items', () => {
    fc.assert(
      fc.property(sets, seeds, (items, seed) => {
        const turned = [...items].reverse();
        expect(idsOf(turned, splitItems(turned, { seed }).test)).toEqual(
          idsOf(items, splitItems(items, { seed }).test),
        );
      }),
    );
    const items = Array.from({ length: 100 }, (_, n) => item(`${n}`));
    expect(splitItems(items, { seed: 1 })).toEqual(splitItems(items, { seed: 1 }));
    expect(splitItems(items, { seed: 1 }).test).not.toEqual(splitItems(items, { seed: 2 }).test);
  });

  test('keeps the parts that the data gives and draws validation from train alone', () => {
    const items = Array.from({ length: 60 }, (_, n) =>
      item(`${n}`, { split: n % 3 === 0 ? 'test' : 'train', class: `c${n % 2}` }),
    );
    const split = splitItems(items, { seed: 3, validation: 0.25 });
    expect(split.test).toEqual([...items.keys()].filter((n) => n % 3 === 0));
    expect(split).toMatchObject({ drawn: ['validation'], leakedImages: 0, notes: [] });
    expect(split.validation).toHaveLength(10);
    expect(split.validation.every((row) => items[row]?.split === 'train')).toBe(true);
  });

  test('knows other names of the parts and leaves out items without one', () => {
    const items = [item('a', { split: 'Train' }), item('b', { split: 'dev' }), item('c', { split: 'test' }), item('d')];
    expect(splitItems(items, { seed: 0 })).toMatchObject({
      train: [0],
      validation: [1],
      test: [2],
      unassigned: [3],
      drawn: [],
    });
  });

  test('one picture in two given parts is refused, or kept in the test alone', () => {
    const items = [
      item('train/girl/1', { split: 'train', sha256: 'same' }),
      item('train/girl/2', { split: 'train' }),
      item('train/girl/3', { split: 'train' }),
      item('test/baby/1', { split: 'test', sha256: 'same' }),
    ];
    expect(() => splitItems(items, { seed: 0, validation: 0.5 })).toThrow(
      expect.objectContaining({
        code: 'sets-overlap',
        exitCode: 2,
        where: 'train/girl/1 (train) = test/baby/1 (test)',
      }),
    );
    const split = splitItems(items, { seed: 0, validation: 0.5, duplicates: 'drop' });
    expect(split).toMatchObject({ test: [3], dropped: [{ row: 0, of: 3 }] });
    expect([...split.train, ...split.validation].sort()).toEqual([1, 2]);
  });

  test.each<[string, HashedItem[], object]>([
    ['an unknown part', [item('a', { split: 'holdout' })], { where: 'a', message: expect.stringMatching(/"holdout"/) }],
    ['nothing to train on', [item('a', { split: 'test' })], { message: expect.stringMatching(/no training part/) }],
    ['too few items', [item('a')], { message: expect.stringMatching(/is empty/) }],
  ])('refuses %s', (_what, items, fault) => {
    expect(() => splitItems(items, { seed: 0 })).toThrow(
      expect.objectContaining({ exitCode: 2, hint: expect.any(String), ...fault }),
    );
  });

  test('refuses a share that is none', () => {
    expect(() => splitItems([item('a')], { seed: 0, test: 1 })).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});

describe('forgetSets', () => {
  test('forget and retain are disjoint and cover each part; members match non-members by class', () => {
    fc.assert(
      fc.property(sets, seeds, (items, seed) => {
        const selection = applyForgetRule(parseForgetRule('classes=c0'), items, { duplicates: 'drop' });
        const split = splitItems(items, { seed });
        const crossed = forgetSets(split, selection, items, { seed });
        const dropped = new Set(selection.dropped);
        for (const part of ['train', 'validation', 'test'] as const) {
          const both = [...(crossed[`forget-${part}`] ?? []), ...(crossed[`retain-${part}`] ?? [])];
          expect(both.sort((a, b) => a - b)).toEqual(split[part].filter((row) => !dropped.has(row)));
        }
        for (const side of ['forget', 'retain']) {
          const members = crossed[`${side}-members`] ?? [];
          const others = crossed[`${side}-nonmembers`] ?? [];
          const classes = (rows: readonly number[]): string[] => rows.map((row) => items[row]?.class ?? '').sort();
          expect(classes(members)).toEqual(classes(others));
          expect(new Set(members).isSubsetOf(new Set(crossed[`${side}-train`]))).toBe(true);
          expect(new Set(others).isSubsetOf(new Set(crossed[`${side}-test`]))).toBe(true);
        }
      }),
    );
  });

  test('strata of rules spread a forget set without classes over the parts', () => {
    const items = Array.from({ length: 100 }, (_, n) => item(`${n}`, { captions: [n < 10 ? 'A dog .' : 'A cat .'] }));
    const selection = applyForgetRule(parseForgetRule('words=dog'), items);
    const split = splitItems(items, { seed: 5, strata: strataOf(items, [selection]) });
    const crossed = forgetSets(split, selection, items);
    expect(
      [crossed['forget-train'], crossed['forget-validation'], crossed['forget-test']].map((rows) => rows?.length),
    ).toEqual([7, 1, 2]);
    expect(Object.keys(plainSets(split))).toEqual(['train', 'validation', 'test']);
  });

  test('refuses an empty set', () => {
    const items = Array.from({ length: 50 }, (_, n) => item(`${n}`, { class: n === 0 ? 'rare' : 'common' }));
    const selection = applyForgetRule(parseForgetRule('classes=rare'), items);
    expect(() => forgetSets(splitItems(items, { seed: 0 }), selection, items)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringMatching(/forget-\w+ is empty: the forget set has 1 image$/),
      }),
    );
  });
});

describe('referenceSplit', () => {
  test('takes floor(0.7 N) rows, selects on the test and counts what leaks', () => {
    const images = Array.from({ length: 21 }, (_, n) => item(`${n}`, { captions: ['a', 'b', 'c', 'd', 'e'] }));
    const rows = expandCaptions(images);
    expect(rows).toHaveLength(105);
    expect(rows[6]).toMatchObject({ id: '1#1', captions: ['b'] });
    const split: Split = referenceSplit(rows, { seed: 0 });
    expect(split.train).toHaveLength(73);
    expect(split.validation).toEqual(split.test);
    expect([...split.train, ...split.test].sort((a, b) => a - b)).toEqual([...rows.keys()]);
    const trained = new Set(split.train.map((row) => rows[row]?.sha256));
    const both = new Set(split.test.map((row) => rows[row]?.sha256)).intersection(trained);
    expect(split.leakedImages).toBe(both.size);
    expect(split.leakedImages).toBeGreaterThan(10);
    expect(split.notes.join(' ')).toMatch(/Selected on the test part.*both trained on and tested/);
  });
});
