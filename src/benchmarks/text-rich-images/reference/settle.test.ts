import { describe, expect, it } from 'vitest';
import type { SampleResult } from '../../../core/index.ts';
import type { Question } from '../data/question.ts';
import { scoreReference } from './score-reference.ts';
import { settleLetters } from './settle.ts';

function question(row: number, count: number, change: Partial<Question> = {}): Question {
  return {
    id: `q${row}`,
    text: 'Which?',
    type: 'multiple-choice',
    options: Array.from({ length: count }, (_, i) => `option ${i}`),
    answers: ['A'],
    images: ['a.png'],
    file: 'f',
    line: row + 1,
    row,
    ...change,
  };
}

async function letters(
  questions: readonly Question[],
  replies: readonly string[],
  driver: 'llava' | 'idefics2',
  shards: number,
) {
  const file = { byId: new Map(questions.map((one) => [one.id, one])), rows: questions.length };
  const settle = settleLetters(() => file, { driver, shards, scorer: 'accuracy' });
  const results = questions.map((one, index) => {
    const scores = { accuracy: scoreReference(replies[index] ?? '', one, 'accuracy', driver) };
    return { task: 't', sampleId: one.id, epoch: 1, index, scores, labels: {} } as unknown as SampleResult;
  });
  async function* reversed() {
    yield* results.toReversed();
  }
  const settled = await settle(reversed());
  return Object.fromEntries(settled.map(({ sampleId, score }) => [sampleId, score.answer]));
}

// The letters are those of Python's random.choice after random.seed(42).
describe('settleLetters', () => {
  it('draws in the order of the rows, whatever order results come in', async () => {
    const questions = Array.from({ length: 8 }, (_, row) => question(row, 4));
    const found = await letters(questions, [], 'llava', 1);
    expect(
      Object.keys(found)
        .toSorted()
        .map((id) => found[id])
        .join(''),
    ).toBe('AACBBBAA');
  });

  it('draws among the options of each question, and only where no letter was found', async () => {
    const counts = [4, 3, 5, 2, 4, 1, 14];
    const questions = [question(0, 4), ...counts.map((count, i) => question(i + 1, count))];
    const found = await letters(questions, ['B'], 'llava', 1);
    expect(counts.map((_, i) => found[`q${i + 1}`])).toEqual(['A', 'A', 'C', 'A', 'B', 'A', 'L']);
    expect(found).not.toHaveProperty('q0');
  });

  it('starts anew in each shard', async () => {
    const questions = Array.from({ length: 8 }, (_, row) => question(row, 4));
    const found = await letters(questions, [], 'llava', 2);
    // Five rows and three.
    expect(questions.map(({ id }) => found[id]).join('')).toBe('AACBBAAC');
  });

  it('leaves out what the Idefics2 driver leaves out', async () => {
    const questions = [question(0, 4, { images: Array.from({ length: 9 }, String) }), question(1, 4)];
    expect(await letters(questions, [], 'idefics2', 1)).toEqual({ q1: 'A' });
    expect(scoreReference('A', question(900, 4), 'accuracy', 'idefics2')).toMatchObject({ value: null, parsed: true });
    expect(scoreReference('A', question(900, 4), 'accuracy', 'llava')).toMatchObject({ value: 1 });
  });
});

describe('scoreReference', () => {
  const open = question(0, 0, { type: 'open-ended', options: null, answers: ['Paris'] });

  it('compares ANLS after the last "Answer: ", unstripped', () => {
    expect(scoreReference('x Answer: paris', open, 'anls', 'llava').value).toBe(1);
    expect(scoreReference('Paris ', open, 'anls', 'llava').value).toBeCloseTo(5 / 6, 12);
    expect(scoreReference('unanswerable', { ...open, answers: [] }, 'anls', 'llava').value).toBe(1);
  });

  it('stops at an empty caption', () => {
    const caption = { ...open, type: 'captioning' } as const;
    expect(scoreReference('.', caption, 'accuracy', 'llava')).toMatchObject({ value: null, broken: true });
    expect(scoreReference('paris', caption, 'accuracy', 'llava').value).toBeCloseTo(1, 7);
    // A gold text that is no list is compared by its first character.
    expect(scoreReference('p', { ...caption, answers: 'Paris' }, 'accuracy', 'llava').value).toBeCloseTo(1, 7);
    // The other driver knows no captions.
    expect(scoreReference('.', caption, 'accuracy', 'idefics2').value).toBe(0);
  });

  it('takes the best ROUGE-1 of the golds', () => {
    const web = { ...open, type: 'webqa', answers: ['red', 'a red bag'] } as const;
    expect(scoreReference('a red bag', web, 'accuracy', 'llava').value).toBeCloseTo(1, 7);
    expect(scoreReference('bag', { ...web, answers: [] }, 'accuracy', 'llava')).toMatchObject({ broken: true });
  });

  it('takes whatever has options for a choice with the Idefics2 driver', () => {
    const odd = { ...open, options: ['x', 'y'], answers: ['B'] };
    expect(scoreReference('I say B now', odd, 'accuracy', 'idefics2').value).toBe(1);
    expect(scoreReference('user: A Assistant: B', odd, 'accuracy', 'idefics2').value).toBe(1);
  });
});
