import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Question } from '../data/question.ts';
import type { Metric } from '../sets.ts';
import { finalAnswer } from './final-answer.ts';
import { scoreStrict } from './score-strict.ts';

function question(answers: Question['answers'], change: Partial<Question> = {}): Question {
  return {
    id: 'q',
    text: 'What is it?',
    type: 'open-ended',
    options: null,
    answers,
    images: [],
    file: 'f',
    line: 1,
    row: 0,
    ...change,
  };
}

const value = (reply: string, asked: Question, metric: Metric = 'accuracy') =>
  scoreStrict(reply, asked, metric, 'direct').value;

describe('finalAnswer', () => {
  it.each([
    ['42', '42'],
    ['**42**.', '42'],
    ['"New York"', 'New York'],
    ['The answer is 42.', '42'],
    ['Answer: **Paris**', 'Paris'],
    ['**Answer:** Paris', 'Paris'],
    ['so 3 + 4.\nAnswer:\n\n7', '7'],
    ['<think>the answer is 5</think>6', '6'],
    ['It is \\boxed{12}', '12'],
    ['U.S.', 'U.S.'],
    ['Answer: first\nAnswer: second', 'second'],
    ['3.5 %', '3.5 %'],
  ])('%j gives %j', (reply, answer) => {
    expect(finalAnswer(reply, 'direct')?.text).toBe(answer);
  });

  it('takes the first line of a short answer and the last of reasoning', () => {
    expect(finalAnswer('blue\nbecause it says so', 'direct')?.text).toBe('blue');
    expect(finalAnswer('it says so\nblue', 'cot')?.text).toBe('blue');
  });

  it.each(['', '  \n ', '<think>all of it', '**', '""'])('%j gives none or itself', (reply) => {
    expect(finalAnswer(reply, 'direct')?.text ?? '').not.toMatch(/\s|think/);
  });

  it('ends on any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('*', '_', '"', '.', 'a', '\n', ' ', ':', '{'), maxLength: 60 }),
        (text) => {
          const found = finalAnswer(text, 'cot');
          expect(found === null || found.text.trim() === found.text).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is quick on long replies', () => {
    expect(finalAnswer(`${'*'.repeat(50_000)}x`, 'direct')).not.toBeNull();
    expect(finalAnswer('answer is '.repeat(5_000), 'direct')).not.toBeNull();
  });
});

describe('scoreStrict', () => {
  it.each<[string, readonly string[], Metric, number]>([
    ['Illegal', ['Legal'], 'accuracy', 0],
    ['The Legal', ['legal'], 'accuracy', 1],
    ['12 apples', ['12'], 'accuracy', 1],
    ['1,200', ['1200'], 'accuracy', 1],
    ['3 of 12', ['12'], 'accuracy', 0],
    ['12', ['12 apples'], 'accuracy', 0],
    ['12 apples', ['12'], 'exact', 0],
    ['104', ['100'], 'relaxed-accuracy', 1],
    ['106', ['100'], 'relaxed-accuracy', 0],
    ['Pariss', ['paris'], 'anls', 1 - 1 / 6],
    ['100.05', ['100'], 'multihiertt-em', 1],
    ['red', ['blue', 'red', 'red'], 'vqa-accuracy', 1],
  ])('%j for %j by %s is %f', (reply, golds, metric, expected) => {
    expect(value(reply, question(golds), metric)).toBeCloseTo(expected, 9);
  });

  it('takes abstaining for right where there is no answer, and only there', () => {
    for (const reply of ['Unanswerable.', 'N/A', 'not answerable']) {
      expect(value(reply, question([]), 'anls')).toBe(1);
      expect(value(reply, question(['4']), 'anls')).toBe(0);
    }
    expect(value('4', question([]), 'anls')).toBe(0);
    expect(scoreStrict('', question([]), 'anls', 'direct')).toMatchObject({ value: 0, parsed: false });
  });

  it('reads letters and never guesses one', () => {
    const asked = question(['B'], { type: 'multiple-choice', options: ['red', 'dark red', 'blue'] });
    for (const reply of ['B', '(b)', '**B**', 'Answer: B. dark red', 'dark red']) expect(value(reply, asked)).toBe(1);
    expect(value('A', asked)).toBe(0);
    expect(scoreStrict('no idea', asked, 'accuracy', 'direct')).toMatchObject({ value: 0, parsed: false });
    expect(value('C', { ...asked, answers: 'blue' })).toBe(1);
    expect(scoreStrict('A', { ...asked, answers: ['green'] }, 'accuracy', 'direct')).toMatchObject({ value: null });
  });

  it('takes no article for an option where options are letters alone', () => {
    const asked = question(['A'], { type: 'multiple-choice', options: ['A', 'B', 'C', 'D'] });
    expect(scoreStrict('It shows a red car', asked, 'accuracy', 'direct')).toMatchObject({ value: 0, parsed: false });
    expect(value('The answer is (A).', asked)).toBe(1);
  });

  it('compares captions by ROUGE-L over the whole reply', () => {
    const asked = question(['a shop for bread'], { type: 'captioning' });
    expect(value('A shop\nfor bread', asked, 'rouge-l')).toBe(1);
    expect(scoreStrict(' ', asked, 'rouge-l', 'direct')).toMatchObject({ value: 0, parsed: false });
  });

  it('takes every gold for right by every metric', () => {
    const metrics = ['accuracy', 'exact', 'anls', 'relaxed-accuracy', 'multihiertt-em', 'vqa-accuracy'] as const;
    const gold = fc
      .string({ unit: fc.constantFrom('a', 'b', '7', ' ', 'é'), minLength: 1, maxLength: 12 })
      .filter((text) => /[b7é]/.test(text));
    fc.assert(
      fc.property(gold, fc.constantFrom(...metrics), (text, metric) => {
        expect(value(text, question([text, 'other']), metric)).toBe(1);
      }),
    );
  });
});
