import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../core/index.ts';
import { type EvaluationSet, evaluationSets, findSet } from '../sets.ts';
import { documentOf } from './document-of.ts';
import { readQuestion } from './read-question.ts';

const documents = findSet('mp-docvqa') as EvaluationSet;
const pictures = findSet('mmmu') as EvaluationSet;
const row: JsonObject = {
  images_path: ['a/x_0.png', 'a/x_1.png'],
  question: 'How much?',
  options: null,
  answers: ['4'],
  ques_type: 'open-ended',
};
const read = (change: JsonObject, set = pictures) => readQuestion({ ...row, ...change }, set);

describe('findSet', () => {
  it('knows every set by its name and by the stem of its file', () => {
    for (const set of evaluationSets) {
      for (const name of [set.name, set.name.toUpperCase(), ...set.stems.map((stem) => `eval_${stem}`)]) {
        expect([name, findSet(name)]).toEqual([name, set]);
      }
    }
    expect(findSet('toString')).toBeUndefined();
  });
});

describe('readQuestion', () => {
  it('reads a row as it is', () => {
    expect(read({}, documents)).toEqual({
      text: 'How much?',
      type: 'open-ended',
      options: null,
      answers: ['4'],
      images: ['a/x_0.png', 'a/x_1.png'],
      group: 'a/x',
    });
  });

  it.each([null, '', 'None', ' None '])('takes the options %j for none', (options) => {
    expect(read({ options })).toMatchObject({ options: null });
  });

  it('reads Python lists in cells, as CSV holds them', () => {
    expect(
      read({ images_path: "['a.png', 'b.png']", options: "['it\\'s', \"x\"]", answers: "['A', 'B']", ques_type: '' }),
    ).toMatchObject({
      images: ['a.png', 'b.png'],
      options: ["it's", 'x'],
      answers: ['A', 'B'],
      type: 'multiple-choice',
    });
    expect(read({ images_path: '("a.png",)' })).toMatchObject({ images: ['a.png'] });
  });

  it('keeps answers that only look like a list', () => {
    expect(read({ answers: '[sic] tea' })).toMatchObject({ answers: '[sic] tea' });
    expect(read({ answers: 'None' })).toMatchObject({ answers: 'None' });
    expect(read({ answers: 4.5 })).toMatchObject({ answers: '4.5' });
    expect(read({ answers: null })).toMatchObject({ answers: [] });
  });

  it.each<[JsonObject, RegExp]>([
    [{ question: '' }, /"question"/],
    [{ ques_type: 'essay' }, /ques_type "essay"/],
    [{ ques_type: 'multiple-choice' }, /needs options/],
    [{ ques_type: 'multiple-choice', options: Array.from({ length: 27 }, String) }, /27 options/],
    [{ images_path: { a: 1 } }, /images_path/],
    [{ images_path: [['a.png']] }, /images_path/],
    [{ images_path: '["a.png", open("x")]' }, /no Python list/],
    [{ options: [null] }, /options/],
  ])('says what is wrong with %j', (change, message) => {
    expect(read(change)).toMatchObject({ message: expect.stringMatching(message) as string });
  });

  it('reads rows of MultiChartQA, whose choices list their options in the question', () => {
    const chart = {
      image: ['data\\g\\a.png', 'data\\g\\b.png'],
      question: 'The first chart is <image>.\nWhich?\nA. up\n B. down\nC. level\nNote that D. is none.',
      answer: 'B',
      type: 'multiple-choice',
      group: 'g',
    };
    expect(readQuestion(chart, pictures)).toMatchObject({
      images: chart.image,
      options: ['A', 'B', 'C'],
      answers: 'B',
      type: 'multiple-choice',
      group: 'g',
    });
  });

  it('misses fields by name', () => {
    const { question: _, ...without } = row;
    expect(readQuestion(without, pictures)).toMatchObject({ message: 'the field "question" is missing' });
    expect(readQuestion({ question: 'x' }, pictures)).toMatchObject({ message: 'the field "answers" is missing' });
  });

  it('gives a question or a fault for any row, never throws', () => {
    const cell = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('None', "['a']", '[', '(', "['a", '[[[[1]]]]'),
    );
    const any = fc.record(
      { images_path: cell, question: cell, options: cell, answers: cell, ques_type: cell, id: cell, document: cell },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(any, (value) => {
        const found = readQuestion(value as JsonObject, documents);
        expect('message' in found ? found.message : found.text).toMatch(/\S/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('documentOf', () => {
  it.each([
    [['../mpdocvqa/images/ab12_p0.png', '../mpdocvqa/images/ab12_p11.png'], '../mpdocvqa/images/ab12'],
    [['dude/images/0017b64_0.jpg', 'dude/images/0017b64_1.jpg'], 'dude/images/0017b64'],
    [['decks/some-deck/slide-1-1024.jpg', 'decks/some-deck/slide-20-1024.jpg'], 'decks/some-deck'],
    [['decks\\seven\\1.png', 'decks\\seven\\2.png'], 'decks/seven'],
    [['decks/a/some-deck-1-1024.jpg', 'decks/a/some-deck-2-1024.jpg'], 'decks/a/some-deck'],
    [['doc12_0.png'], 'doc12'],
    [['doc13_0.png'], 'doc13'],
  ])('takes the pages %j for %s', (images, document) => {
    expect(documentOf(images, true)).toBe(document);
  });

  it('takes pictures that are no pages for themselves', () => {
    expect(documentOf(['x_1.png'], false)).toBe('x_1.png');
    expect(documentOf([], true)).toBeUndefined();
    const both = documentOf(['a.png', 'b.png'], false);
    expect(both).toMatch(/^a\.png \+1 /);
    expect(documentOf(['a.png', 'c.png'], false)).not.toBe(both);
    // Pages of two documents in one question are neither's.
    expect(documentOf(['a_1.png', 'b_1.png'], true)).toMatch(/^a_1\.png \+1 /);
  });
});
