import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, describe, test } from 'vitest';
import { openImageSet } from '../index.ts';
import { applyForgetRule } from './apply-forget-rule.ts';
import { describeForgetRule, type ForgetRule } from './forget-rule.ts';
import type { RuleItem } from './forget-test.ts';
import { checkForgetRule, parseForgetRule } from './parse-forget-rule.ts';
import { readForgetRule } from './read-forget-rule.ts';
import { wordTest } from './word-pattern.ts';

const item = (id: string, facts: Partial<RuleItem> = {}): RuleItem => ({
  id,
  ...facts,
});

const fruit = [
  item('a', { class: 'apple', superclass: 'fruit_and_vegetables', sha256: 'aa' }),
  item('b', { class: 'pear', superclass: 'fruit_and_vegetables', sha256: 'bb' }),
  item('c', { class: 'aquarium_fish', superclass: 'fish', sha256: 'cc' }),
  item('d', { class: 'apple', superclass: 'fruit_and_vegetables', sha256: 'dd' }),
];

const captioned = [
  item('x', { captions: ['A man walks a dog .', 'Someone outdoors .'] }),
  item('y', { captions: ['A woman with two dogs .', 'Dogs play .'] }),
  item('z', { captions: ['The ocean .'] }),
];

describe('parseForgetRule', () => {
  test.each<[string, ForgetRule['any']]>([
    ['classes=apple, bicycle', [{ classes: ['apple', 'bicycle'] }]],
    [
      'class=apple; superclass = fruit_and_vegetables',
      [{ classes: ['apple'] }, { superclasses: ['fruit_and_vegetables'] }],
    ],
    ['words=dog,puppy', [{ words: ['dog', 'puppy'], plural: false, captions: 'any' }]],
    ['words=traffic light plural=yes captions=all;', [{ words: ['traffic light'], plural: true, captions: 'all' }]],
    ['ids=a/b.png,c', [{ ids: ['a/b.png', 'c'] }]],
    [
      '{"any":[{"classes":["a;b"]},{"words":["x"],"plural":true}]}',
      [{ classes: ['a;b'] }, { words: ['x'], plural: true, captions: 'any' }],
    ],
    ['{"ids":["1"]}', [{ ids: ['1'] }]],
  ])('reads %s', (text, any) => {
    expect(parseForgetRule(text)).toEqual({ any });
  });

  test('what is described reads back the same', () => {
    const rule = parseForgetRule('classes=a,b; words=dog plural=yes captions=all; ids=p,q; superclasses=s');
    expect(parseForgetRule(describeForgetRule(rule))).toEqual(rule);
  });

  test.each([
    ['', /empty/, /classes=apple/],
    ['apple', /"apple"/, /classes=apple/],
    ['clases=apple', /"clases"/, /Did you mean class(?:es)?=/],
    ['classes=', /names nothing/, /classes=/],
    ['classes=apple plural=yes', /belongs to words=/, /words=dog/],
    ['words=dog plural=maybe', /yes or no, not maybe/, /words=dog/],
    ['words=dog captions=most', /any or all, not most/, /words=dog/],
    ['words=dog plural=yes plural=no', /twice/, /words=dog/],
    ['constructor=x', /"constructor"/, /classes=apple/],
  ])('refuses %j and says how to mend it', (text, message, hint) => {
    expect(() => parseForgetRule(text)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });

  test.each(['{', '{"any":[]}', '{"classes":[]}', '{"classes":["a"],"evil":1}', '{"any":[{"lambda":"x"}]}'])(
    'refuses the JSON %s',
    (text) => {
      expect(() => parseForgetRule(text)).toThrow(expect.objectContaining({ exitCode: 2, where: 'forget rule' }));
    },
  );

  test('values from code are checked too', () => {
    expect(() => checkForgetRule(['apple'])).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});

describe('words are found whole, in any case', () => {
  test.each([
    ['man', 'A woman runs .', false],
    ['man', 'A man runs .', true],
    ['man', 'MAN!', true],
    ['man', 'the man_1', false],
    ['man', 'manly', false],
    ['man', 'men', false],
    ['dog', "the dog's ball", true],
    ['dog', 'a hot-dog', true],
    ['dog', 'two dogs', false],
    ['caf', 'le café', false],
    ['café', 'CAFE\u0301 noir', true],
    ['año', 'baño', false],
    ['собака', 'Собака бежит', true],
    ['соба', 'собака', false],
    ['traffic light', 'a Traffic\n light', true],
    ['c++', 'in c++ now', true],
    ['a.b', 'axb', false],
  ])('%j in %j: %s', (word, text, found) => {
    expect(wordTest([word])(text)).toBe(found);
  });

  test('a plural is taken on request', () => {
    const dogs = wordTest(['dog'], { plural: true });
    expect(['two dogs', 'a dog', 'dogss', 'Dogs.'].map(dogs)).toEqual([true, true, false, true]);
  });
});

describe('applyForgetRule', () => {
  test('counts images, pairs and parts, which may overlap', () => {
    const found = applyForgetRule(parseForgetRule('classes=apple; superclass=fruit_and_vegetables; ids=a'), fruit);
    expect(found).toMatchObject({ forget: [0, 1, 3], retain: [2], dropped: [] });
    expect(found.parts.map(({ part, images }) => [part, images])).toEqual([
      ['classes=apple', 2],
      ['superclasses=fruit_and_vegetables', 3],
      ['ids=a', 1],
    ]);
  });

  test('any caption marks the image with all its captions', () => {
    const found = applyForgetRule(parseForgetRule('words=dog plural=yes'), captioned);
    expect(found.forget).toEqual([0, 1]);
    expect(found.counts).toMatchObject({ forget: { images: 2, pairs: 4 }, retain: { images: 1, pairs: 1 } });
    expect(found.parts[0]).toMatchObject({ matchedCaptions: 3 });
  });

  test('with captions=all every caption must have a word', () => {
    expect(applyForgetRule(parseForgetRule('words=dog plural=yes captions=all'), captioned).forget).toEqual([1]);
  });

  test('class names differ from what was written in case and blanks at most', () => {
    expect(applyForgetRule(parseForgetRule('classes=Aquarium Fish'), fruit).forget).toEqual([2]);
  });

  test.each<[string, readonly RuleItem[], object]>([
    [
      'classes=aple',
      fruit,
      {
        message: 'The data has no class "aple"',
        hint: expect.stringMatching(/mean apple\?.*apple, aquarium_fish, pear/),
      },
    ],
    ['superclass=fruits', fruit, { hint: expect.stringMatching(/fruit_and_vegetables/) }],
    [
      'classes=apple',
      captioned,
      { message: expect.stringMatching(/has no classes/), hint: expect.stringMatching(/words=/) },
    ],
    ['ids=a,nope', fruit, { message: expect.stringMatching(/lacks 1 of the 2 ids/), where: 'nope' }],
    ['words=dog', fruit, { message: expect.stringMatching(/no captions/) }],
    [
      'words=cat',
      captioned,
      { message: expect.stringMatching(/marks none of the 3/), hint: expect.stringMatching(/plural=yes/) },
    ],
    ['classes=apple,pear,aquarium_fish', fruit, { message: expect.stringMatching(/nothing is left to retain/) }],
  ])('refuses %s where it cannot be meant', (text, items, fault) => {
    expect(() => applyForgetRule(parseForgetRule(text), items)).toThrow(
      expect.objectContaining({ exitCode: 2, hint: expect.any(String), ...fault }),
    );
  });

  test('a forgotten picture under a retained id is refused, or its copy dropped and counted', () => {
    const items = [...fruit, item('copy', { class: 'pear', sha256: 'aa' })];
    const rule = parseForgetRule('classes=apple');
    expect(() => applyForgetRule(rule, items)).toThrow(
      expect.objectContaining({ code: 'sets-overlap', exitCode: 2, where: 'a (forget) = copy (retain)' }),
    );
    const found = applyForgetRule(rule, items, { duplicates: 'drop' });
    expect(found).toMatchObject({ forget: [0, 3], retain: [1, 2], dropped: [4], counts: { dropped: { images: 1 } } });
  });
});

describe('readForgetRule', () => {
  test.each([
    ['list.txt', 'a\n\n  b \r\n'],
    ['list.json', '["a", {"id": "b", "why": "x"}]'],
    ['list.jsonl', '{"id":"a"}\n"b"\n'],
  ])('reads ids from %s', async (name, content) => {
    const folder = await mkdtemp(join(tmpdir(), 'fettle-rule-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, name), content);
    await writeFile(join(folder, 'rule'), `ids=@${name}; classes=pear`);
    expect(await readForgetRule(`ids=${name}`, { folder })).toEqual({ any: [{ ids: ['a', 'b'] }] });
    expect(await readForgetRule('@rule', { folder })).toEqual({ any: [{ ids: ['a', 'b'] }, { classes: ['pear'] }] });
  });

  test('names the file and line that cannot be read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fettle-rule-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'a.jsonl'), '{"id":"a"}\n{"name":"b"}\n');
    await writeFile(join(folder, 'empty.txt'), '\n');
    await expect(readForgetRule('ids=a.jsonl', { folder })).rejects.toMatchObject({
      exitCode: 2,
      where: `${join(folder, 'a.jsonl')}:2`,
    });
    await expect(readForgetRule('ids=empty.txt', { folder })).rejects.toMatchObject({
      message: expect.stringMatching(/holds no ids/) as string,
    });
    await expect(readForgetRule('ids=@none', { folder })).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringMatching(/exists/) as string,
    });
  });
});

const shared = fileURLToPath(new URL('../../../../shared/data/cliperase', import.meta.url));

/** Skipped where the test data is absent. */
test.skipIf(!existsSync(shared))('keyword counts of Flickr8k are exact', async () => {
  await using set = await openImageSet(shared, { form: 'captions' });
  const count = (word: string): number =>
    applyForgetRule(parseForgetRule(`words=${word} plural=yes`), set.items).counts.forget.images;
  const wanted = {
    man: 299,
    dog: 257,
    girl: 207,
    water: 179,
    woman: 148,
    child: 134,
    beach: 63,
    ball: 53,
    snow: 50,
    orange: 47,
    bike: 38,
    bicycle: 32,
    car: 31,
    horse: 9,
    cat: 2,
    apple: 1,
  };
  expect(Object.fromEntries(Object.keys(wanted).map((word) => [word, count(word)]))).toEqual(wanted);
});
